/**
 * The streaming engine under faults: how fast its virtual time passes, and how many events a second of it takes, which
 * no other load on the machine can change. Runs without the pool: one thread, and nobody to wait for.
 */
import type { SimDefinition } from "../../../runner/definition.ts";
import { generatePlan } from "../../../runner/plan/generate.ts";
import { nextSeed, parseSeed } from "../../../runner/plan/seed.ts";
import { execute } from "../../../runner/run/execute.ts";
import type { Benchmark } from "../benchmark.ts";

/** Places in the suite that starts from seed 1. The first runs compile code more than they run it. */
const places = { cold: 100, counted: 108, end: 124 };

/** Some 24 minutes of virtual time in 5 seconds of CPU time. Rejects when a run does not pass. */
export const engineVirtualSeconds: Benchmark = {
  name: "engine.virtual-seconds",
  unit: "s/s",
  doc: "Virtual seconds per CPU second, a streaming database with faults and invariants.",
  besides: [
    {
      name: "engine.events",
      unit: "events/s",
      doc: "Events per virtual second of the same runs: equal on every machine.",
    },
  ],
  run: async () => {
    // Not loaded with the registry: other benchmarks are measured in a thread that knows nothing of the engine.
    const definition = await (await import("./soak.ts")).loadSoak();
    await runPlaces(definition, places.cold, places.counted);
    const { events, virtualMicros, cpuMicros } = await runPlaces(definition, places.counted, places.end);
    return [Math.round(virtualMicros / cpuMicros), Math.round((events * 10_000_000) / virtualMicros) / 10];
  },
};

/** What some runs came to. */
export interface RunsSum {
  readonly events: number;
  readonly virtualMicros: number;
  /** Of this process with all its threads; the rest is a function of the code. */
  readonly cpuMicros: number;
}

/** Runs the seeds at these places, `end` left out, one after the other. Rejects when one of them does not pass. */
export async function runPlaces(definition: SimDefinition, from: number, end: number): Promise<RunsSum> {
  const first = parseSeed("1");
  const before = process.cpuUsage();
  let events = 0;
  let virtualMicros = 0;
  for (let place = from; place < end; place++) {
    const record = await execute(definition, generatePlan(definition, nextSeed(first, place)));
    if (record.failure !== null) {
      throw new Error(`the benchmark's own scenario fails at seed ${record.plan.seed}: ${record.failure.signature}`);
    }
    events += record.events;
    virtualMicros += record.endedAt;
  }
  const { user, system } = process.cpuUsage(before);
  return { events, virtualMicros, cpuMicros: user + system };
}
