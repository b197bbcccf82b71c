/** What the rolling hash costs: the same messages with a trace that hashes and with one that does not, by turns. */
import { Trace } from "../../kernel/trace.ts";
import type { Benchmark } from "./benchmark.ts";
import { messagesPerSecond } from "./messages.ts";

/** Feeds nothing. */
class SilentTrace extends Trace {
  override event(): void {}
  override fold(): void {}
}

const processes = 30;
/** Some two milliseconds: short enough that many turns pass undisturbed on a busy machine. */
const messages = 5_000;
const rounds = { cold: 100, counted: 500 };

export const kernelHash: Benchmark = {
  name: "kernel.hash",
  unit: "%",
  doc: "Time that the rolling hash of the trace takes, of the time of a message.",
  run: async () => {
    const hashed: number[] = [];
    const silent: number[] = [];
    for (let round = 0; round < rounds.cold + rounds.counted; round++) {
      if (round === rounds.cold) hashed.length = silent.length = 0;
      // A B B A: what drifts on the machine falls on both alike.
      hashed.push(await turn());
      silent.push(await turn(new SilentTrace(false)), await turn(new SilentTrace(false)));
      hashed.push(await turn());
    }
    return Math.round((1 - lowerQuartile(silent) / lowerQuartile(hashed)) * 1_000) / 10;
  },
};

/** CPU microseconds of one turn: real time would count what others run on the machine, too. */
async function turn(trace?: Trace): Promise<number> {
  const before = process.cpuUsage();
  await messagesPerSecond(processes, messages, trace);
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** Disturbances only ever add time: a quarter of the turns took less than this. */
function lowerQuartile(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 2]!;
}
