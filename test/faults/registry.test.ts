import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/base/json.ts";
import { micros } from "../../src/base/time.ts";
import type { FaultFactory } from "../../src/faults/define-fault.ts";
import { faultDefinitions, faults } from "../../src/faults/registry.ts";
import { serviceFaults } from "../../src/faults/services/registry.ts";
import { epochMicros } from "../../src/machine/clock.ts";
import type { Heal } from "../../src/ports/controls.ts";
import type { MachineEventKind } from "../../src/ports/events.ts";
import { execute } from "../../src/runner/run/execute.ts";
import type { RunRecord } from "../../src/runner/run/record.ts";
import { toDefinition } from "../../src/scenario/define-scenario.ts";
import { Tank } from "../machine/tank.ts";
import { cases } from "./cases.ts";
import { client, server } from "./small-world.ts";

const registry = Object.entries(faults) as unknown as readonly [keyof typeof faults, FaultFactory<JsonObject>][];

interface Told {
  readonly at: number;
  readonly found: unknown;
}

/** The world with server and client at work, and what the client was told. */
function smallWorld(seed = "faults"): { readonly tank: Tank; readonly told: Told[] } {
  const tank = new Tank({ seed });
  const told: Told[] = [];
  tank.start("server", server, { restart: "always", backoff: "200ms", backoffMax: "500ms" });
  tank.start("client", (host) => client(host, (found) => told.push({ at: tank.now, found })));
  return { tank, told };
}

/** Everything that a fault can turn and has to turn back. */
function settings(
  { room, now }: Tank,
  processesToo: "with processes" | "without processes" = "with processes",
): unknown {
  const machines = [...room.machines.values()].map((machine) => {
    const { name, refusals, phantoms, portsHeld, pauses, cpuFactor, disk, clock } = machine;
    const processes = processesToo === "with processes" ? [...machine.processes.values()] : [];
    return {
      name,
      held: [refusals, phantoms, portsHeld, pauses, cpuFactor],
      disk: [disk.delayMicros, disk.fills, disk.failures.toSorted((a, b) => a - b)],
      clock: [clock.wallMicros() - epochMicros - now, clock.virtualDelay(1_000_000)],
      processes: processes.map((process) => [process.pauses, process.cpuFactor]),
    };
  });
  const names = machines.map(({ name }) => name);
  const links = names.flatMap((from) =>
    names.map((to) => {
      const { blocks, clogs, delayMicros, breaks } = room.network.link(from, to);
      return [blocks, clogs, delayMicros, breaks.toSorted((a, b) => a - b)];
    }),
  );
  return { machines, links };
}

/** Executes a plan that holds one fault, at 2 s until 6 s. */
function runPlan(factory: FaultFactory<JsonObject>, params: JsonObject, isEmpty = false): Promise<RunRecord> {
  const definition = toDefinition("faults", { faults: [factory()] }, async ({ world }) => {
    if (!isEmpty) {
      world.host("server").start(server, { restart: "always" });
      world.host("client").start((host) => client(host, () => undefined));
    }
    await world.sleep("10s");
    await world.heal({ within: "30s" });
  });
  const span = { at: micros(2_000_000), until: micros(6_000_000) };
  const items = [{ kind: "fault" as const, ...span, fault: factory.fault.id, params }];
  return execute(definition, { scenario: "faults", seed: "0000000000001", knobs: {}, items });
}

describe("every fault", () => {
  for (const [kind, factory] of registry) {
    const { params, missing } = cases[kind];
    const { fault } = factory;

    it(`${kind} leaves its witness while it lasts, and none without it`, async () => {
      const { tank } = smallWorld();
      let heal: Heal | void;
      tank.at("2s", () => {
        expect(tank.of(fault.witness as MachineEventKind)).toEqual([]);
        heal = fault.inject(tank.controls, params);
      });
      tank.at("6s", () => heal?.());
      await tank.run("6s");
      expect(tank.of(fault.witness as MachineEventKind).length).toBeGreaterThan(0);
    });

    it(`${kind} is healed exactly: nothing stays turned, the world works, a second healing does nothing`, async () => {
      const { tank, told } = smallWorld();
      const looks: unknown[] = [];
      const look = (): unknown => looks.push(settings(tank));
      let heal: Heal | void;
      tank.at("2s", () => {
        look();
        heal = fault.inject(tank.controls, params);
      });
      tank.at("6s", () => heal?.());
      tank.at("30s", () => {
        look();
        heal?.();
        look();
      });
      await tank.run("40s");
      expect(looks[1]).toEqual(looks[0]);
      expect(looks[2]).toEqual(looks[0]);
      const later = told.filter(({ at }) => at > 30_000_000);
      expect(later.length).toBeGreaterThan(150);
      for (const { found } of later) expect(found).toEqual({});
    });

    it(`${kind} injected twice is healed once for each`, () => {
      const { tank } = smallWorld();
      const first = fault.inject(tank.controls, params);
      const withOne = settings(tank);
      const second = fault.inject(tank.controls, params);
      first?.();
      first?.();
      expect(settings(tank)).toEqual(withOne);
      second?.();
      const { tank: untouched } = smallWorld();
      // What the fault kills is gone; nothing else is different from a world that it never met.
      expect(settings(tank, "without processes")).toEqual(settings(untouched, "without processes"));
    });

    it(`${kind} takes whatever its own arbitraries draw, and is healed of it`, async () => {
      const drawn = fc.sample(fc.record(fault.params as { [name: string]: fc.Arbitrary<number> }), {
        numRuns: 20,
        seed: 7,
      });
      const untouched = settings(smallWorld().tank, "without processes");
      for (const values of drawn) {
        const { tank: fresh } = smallWorld();
        fault.inject(fresh.controls, values)?.();
        expect(settings(fresh, "without processes")).toEqual(untouched);
      }
      const { tank } = smallWorld();
      const heals: (Heal | void)[] = [];
      for (const [index, values] of drawn.slice(0, 4).entries()) {
        tank.at(`${2 + index}s`, () => heals.push(fault.inject(tank.controls, values)));
      }
      tank.at("10s", () => heals.forEach((heal) => heal?.()));
      await tank.run("20s");
      expect(tank.kernel.failure).toBeNull();
    });

    it(`${kind} bites as an item of a plan, and is harmless where its targets do not exist`, async () => {
      const found = await runPlan(factory, params);
      expect(found.faults).toEqual([{ fault: kind, item: 0, injected: true, bit: true }]);
      expect(found.failure).toBeNull();
      if (missing !== null) {
        const absent = await runPlan(factory, missing);
        expect(absent.faults).toEqual([{ fault: kind, item: 0, injected: true, bit: false }]);
        expect(absent.failure).toBeNull();
      }
      const numbers = fc.sample(fc.record(fault.params as { [name: string]: fc.Arbitrary<number> }), 1)[0]!;
      const alone = await runPlan(factory, numbers, true);
      expect(alone.faults).toEqual([{ fault: kind, item: 0, injected: true, bit: false }]);
      expect(alone.failure).toBeNull();
    });
  }

  it("is listed under its own id, with a sentence, and once", () => {
    const all = Object.entries({ ...faults, ...serviceFaults });
    expect(all.map(([, factory]) => factory.fault.id)).toEqual(all.map(([kind]) => kind));
    expect(faultDefinitions.map(({ id }) => id)).toEqual(all.map(([kind]) => kind));
    expect(registry.map(([kind]) => kind)).toEqual(Object.keys(cases));
    for (const { doc, lasts } of faultDefinitions) {
      expect(doc).toMatch(/^[A-Z].*\.$/);
      expect(lasts.min).toBeGreaterThan(0);
      expect(lasts.max).toBeGreaterThanOrEqual(lasts.min);
    }
  });
});
