/** What forming a mesh takes in virtual time, and what simulating it costs, over many seeds of a storm. */
import { formingBound } from "../../../engine/mesh/timing.ts";
import { generatePlan } from "../../../runner/plan/generate.ts";
import { nextSeed, parseSeed } from "../../../runner/plan/seed.ts";
import { execute } from "../../../runner/run/execute.ts";
import { longestRestart, meshStorm } from "./storm.ts";

/** Virtual times in µs, from the last fault to the last process that formed, of the runs in which one had to. */
export interface FormingFigures {
  readonly runs: number;
  /** Runs in which the mesh was not whole when the last fault was over. */
  readonly recoveries: number;
  readonly median: number;
  readonly p99: number;
  readonly longest: number;
  /** What the argument allows. */
  readonly bound: number;
  /** Events per virtual second: equal on every machine. */
  readonly events: number;
  /** CPU time per virtual second, µs of this process with all its threads. */
  readonly cost: number;
}

/** Runs that many seeds, one after the other. Rejects when one does not pass, or none had anything to recover from. */
export async function formingFigures(processes: number, seeds: number): Promise<FormingFigures> {
  const recovery = { faultAt: 0, formedAt: 0 };
  const definition = meshStorm(processes, recovery);
  const times: number[] = [];
  let events = 0;
  let virtual = 0;
  const before = process.cpuUsage();
  for (let index = 0; index < seeds; index++) {
    Object.assign(recovery, { faultAt: 0, formedAt: 0 });
    const record = await execute(definition, generatePlan(definition, nextSeed(parseSeed("1"), index)));
    if (record.failure !== null) {
      throw new Error(`the benchmark's own scenario fails at seed ${record.plan.seed}: ${record.failure.signature}`);
    }
    if (recovery.formedAt > recovery.faultAt) times.push(recovery.formedAt - recovery.faultAt);
    events += record.events;
    virtual += record.endedAt;
  }
  const { user, system } = process.cpuUsage(before);
  if (times.length === 0) throw new Error(`in ${seeds} seeds no mesh of ${processes} had to be formed after a fault`);
  times.sort((a, b) => a - b);
  const at = (percent: number): number =>
    times[Math.min(times.length - 1, Math.floor((times.length * percent) / 100))]!;
  return {
    runs: seeds,
    recoveries: times.length,
    median: at(50),
    p99: at(99),
    longest: times.at(-1)!,
    bound: formingBound(processes, longestRestart),
    events: Math.round((events * 1_000_000) / virtual),
    cost: Math.round(((user + system) * 1_000_000) / virtual),
  };
}
