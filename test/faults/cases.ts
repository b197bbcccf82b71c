/** A way to make each fault of the registry bite: parameters by hand. The type asks for a case for every new fault. */
import type { JsonObject } from "../../src/base/json.ts";
import type { faults } from "../../src/faults/registry.ts";

interface FaultCase {
  /** In the world of `small-world.ts`. */
  readonly params: JsonObject;
  /** The same at hosts that do not exist; null for a fault that names none. */
  readonly missing: JsonObject | null;
}

const onServer = (more: JsonObject = {}): FaultCase => ({
  params: { host: "server", ...more },
  missing: { host: "nobody", ...more },
});

const between = (more: JsonObject = {}): FaultCase => ({
  params: { a: "client", b: "server", ...more },
  missing: { a: "nobody", b: "server", ...more },
});

export const cases: { readonly [kind in keyof typeof faults]: FaultCase } = {
  "process.crash": onServer(),
  "process.host-down": onServer(),
  "process.power-loss": onServer(),
  "process.pause": onServer(),
  "process.slow-death": onServer({ lingerMs: 1_500 }),
  "process.graceful-stop": onServer({ graceMs: 300 }),
  "process.slow-cpu": onServer({ factor: 200 }),
  "net.partition": { params: { side: 1 }, missing: null },
  "net.one-way-partition": between(),
  "net.latency": between({ ms: 200 }),
  "net.connection-loss": between({ oneIn: 2 }),
  "net.clog": between(),
  "net.reset": between(),
  "net.half-open": between(),
  "net.phantom-accept": onServer(),
  "net.refuse": onServer(),
  "net.address-in-use": onServer(),
  "clock.offset": onServer({ byMs: -2_500 }),
  "clock.drift": onServer({ partsPerThousand: 50 }),
  "clock.freeze": onServer(),
  "disk.slow": onServer({ ms: 120 }),
  "disk.full": onServer(),
  "disk.errors": onServer({ oneIn: 2 }),
};
