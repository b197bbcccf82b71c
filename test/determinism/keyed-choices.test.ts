/**
 * Choices are keyed by what they are about, not drawn by position: what happens elsewhere moves nothing here. The flows
 * of two hosts are measured while something else is going on beside them.
 */
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/base/json.ts";
import type { FaultFactory } from "../../src/faults/define-fault.ts";
import { faults } from "../../src/faults/registry.ts";
import type { Host } from "../../src/ports/host.ts";
import { cases } from "../faults/cases.ts";
import { client, server } from "../faults/small-world.ts";
import { outcome, Tank } from "../machine/tank.ts";

/** What happens on `left` and `right`: moment, what, and its result. */
type Flow = readonly (readonly [at: number, what: string, result: unknown])[];

/** Runs the flows from `left` to `right` with `server` and `client` busy beside them, and whatever `change` adds. */
async function flows(change: (tank: Tank) => void = () => undefined, seed = "keyed"): Promise<Flow> {
  const tank = new Tank({ seed });
  const seen: [number, string, unknown][] = [];
  const note = (what: string, result: unknown): unknown => seen.push([tank.now, what, result]);
  tank.start("right", async (host) => {
    await host.listen(1, async (request) => {
      await host.disk.append("log", "line");
      return [request, host.random(1_000)];
    });
    await host.accept(2, async (connection) => {
      for (let message: unknown = 0; message !== undefined;) {
        message = await connection.receive();
        note("arrived", message);
      }
    });
  });
  tank.start("left", async (host) => {
    await host.sleep("20ms");
    const stream = await host.connect("right:2");
    for (let round = 0; round < 25; round++) {
      stream.send(round);
      note("reply", await host.call("right:1", round));
      await host.disk.write("round", round);
      note("written", host.random(1_000));
      await host.sleep("100ms");
    }
  });
  tank.start("server", server, { restart: "always" });
  tank.start("client", (host) => client(host, () => undefined));
  change(tank);
  await tank.run("6s");
  return seen;
}

describe("what happens between two hosts", () => {
  it("is much, and another thing for another seed", async () => {
    const base = await flows();
    expect(base).toHaveLength(75);
    expect(await flows()).toEqual(base);
    expect(await flows(undefined, "other")).not.toEqual(base);
  });

  it("moves when something happens to them: their own messages, latencies and disks count", async () => {
    const base = await flows();
    const delayed = await flows((tank) => tank.controls.link("left", "right").delay("1ms"));
    const slowed = await flows((tank) => tank.controls.host("right").disk.delay("1ms"));
    expect(delayed).not.toEqual(base);
    expect(slowed).not.toEqual(base);
  });

  const additions: { readonly [what: string]: (tank: Tank) => void } = {
    "one more message on another link": (tank) =>
      tank.start("third", (host) => host.sleep("1s").then(() => outcome(host.call("server:1", 1)))),
    "a thousand more messages on another link": (tank) =>
      tank.start("third", async (host) => {
        for (let index = 0; index < 1_000; index++) await outcome(host.call("server:1", index));
      }),
    "one more operation on another disk": (tank) => tank.start("third", (host) => host.disk.write("round", 1)),
    "one more file, written by another process of the same host": (tank) =>
      tank.start("left", (host) => host.disk.write("other", 1), { name: "sidecar" }),
    "another process's entropy": (tank) => tank.start("third", (host) => void host.random(7)),
    "more hosts": (tank) => {
      for (let index = 0; index < 20; index++) tank.start(`host-${index}`, (host: Host) => host.sleep("1s"));
    },
  };
  for (const [what, change] of Object.entries(additions)) {
    it(`is not moved by ${what}`, async () => {
      expect(await flows(change)).toEqual(await flows());
    });
  }

  // A partition is left out: it goes through all hosts, these two as well.
  const others = Object.entries(faults).filter(([kind]) => kind !== "net.partition");
  for (const [kind, factory] of others as unknown as readonly [keyof typeof faults, FaultFactory<JsonObject>][]) {
    it(`is not moved by ${kind} at another host`, async () => {
      let bites = 0;
      const { fault } = factory;
      const found = await flows((tank) => {
        tank.at("1s", () => {
          const heal = fault.inject(tank.controls, cases[kind].params);
          tank.at("3s", () => heal?.());
        });
        tank.at("5900ms", () => (bites = tank.of(fault.witness).length));
      });
      expect(bites).toBeGreaterThan(0);
      expect(found).toEqual(await flows());
    });
  }
});
