/** A run is a function of its plan: not of what ran before, of how it is driven or watched, or of where it runs. */
import { beforeAll, describe, expect, it } from "vitest";
import { faults } from "../../src/faults/registry.ts";
import { execute } from "../../src/runner/run/execute.ts";
import { generatePlan } from "../../src/runner/plan/generate.ts";
import type { ExecuteOptions, RunRecord } from "../../src/runner/run/record.ts";
import { nextSeed, parseSeed } from "../../src/runner/plan/seed.ts";
import { hashesIn, type NodeProcess } from "./golden-hashes-process.ts";
import { machineRoom } from "./golden-hashes-world.ts";

const { definition } = machineRoom;
const seeds = Array.from({ length: 24 }, (_, index) => nextSeed(parseSeed("2"), index));
const runSeed = (seed: string, options: ExecuteOptions = {}): Promise<RunRecord> =>
  execute(definition, generatePlan(definition, seed), options);

const base = new Map<string, RunRecord>();
const hashes = (): Record<string, string> => Object.fromEntries([...base].map(([seed, { hash }]) => [seed, hash]));

beforeAll(async () => {
  for (const seed of seeds) base.set(seed, await runSeed(seed));
});

describe("the world that is run twice", () => {
  it("uses all of the machine room: every fault of the registry bites in some run, and every run passes", () => {
    const records = [...base.values()];
    expect(records.map(({ failure }) => failure)).toEqual(seeds.map(() => null));
    const bitten = new Set(
      records.flatMap((record) => record.faults.filter(({ bit }) => bit).map(({ fault }) => fault)),
    );
    expect(Object.keys(faults).filter((id) => !bitten.has(id))).toEqual([]);
    expect(records.reduce((sum, { events }) => sum + events, 0)).toBeGreaterThan(30_000);
  });

  it("is another run for every seed", () => {
    expect(new Set(Object.values(hashes())).size).toBe(seeds.length);
  });
});

describe("the same plan", () => {
  it("is the same run again, after whatever other runs", async () => {
    for (const seed of seeds.toReversed()) {
      const again = await runSeed(seed);
      expect({ ...again, plan: null }).toEqual({ ...base.get(seed)!, plan: null });
    }
  });

  const ways: { readonly [how: string]: ExecuteOptions } = {
    "driven by immediates instead of the synchronous drain": { drain: "immediate" },
    recorded: { record: true },
    checked: { checking: true },
    "recorded, checked and driven by immediates": { record: true, checking: true, drain: "immediate" },
  };
  for (const [how, options] of Object.entries(ways)) {
    it(`is the same run ${how}`, async () => {
      for (const [seed, record] of base) {
        const again = await runSeed(seed, options);
        expect({ ...again, plan: null, trace: [] }).toEqual({ ...record, plan: null });
      }
    });
  }

  it("leaves the same full trace, line by line, with both drains", async () => {
    for (const seed of seeds.slice(0, 6)) {
      const { trace } = await runSeed(seed, { record: true });
      expect(trace.length).toBeGreaterThan(300);
      expect((await runSeed(seed, { record: true, drain: "immediate" })).trace).toEqual(trace);
    }
  });

  it("is the same run beside others in one thread, turn by turn", async () => {
    const records = await Promise.all(seeds.slice(0, 8).map((seed) => runSeed(seed, { drain: "immediate" })));
    expect(records.map(({ hash }) => hash)).toEqual(seeds.slice(0, 8).map((seed) => base.get(seed)!.hash));
  });
});

describe("the built package", () => {
  const places: { readonly [where: string]: NodeProcess & { readonly thread?: boolean } } = {
    "in a fresh process": {},
    "in a fresh worker thread": { thread: true },
    "in a process without the synchronous drain": { isWithoutTickDrain: true },
    "in another time zone and language": { env: { TZ: "Asia/Kolkata", LANG: "de_DE.UTF-8", LC_ALL: "de_DE.UTF-8" } },
  };
  for (const [where, { thread = false, ...node }] of Object.entries(places)) {
    it(`comes to the same ${where}`, async () => {
      const names = [definition.name];
      const found = await hashesIn(node, { names, seeds, thread });
      expect(found.isMainThread).toBe(!thread);
      expect(found.hasTickDrain).toBe(node.isWithoutTickDrain !== true);
      const runs = Object.entries(found.value[definition.name]!).map(([seed, { run }]) => [seed, run]);
      expect(Object.fromEntries(runs)).toEqual(hashes());
    });
  }
});
