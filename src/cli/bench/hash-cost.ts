/** What the rolling hash costs: the same messages with a trace that hashes and with one that does not, by turns. */
import { Trace } from "../../kernel/trace.ts";
import type { Benchmark } from "./benchmark.ts";
import { median } from "./median.ts";
import { messagesPerSecond } from "./messages.ts";

/** Feeds nothing. */
class SilentTrace extends Trace {
  override event(): void {}
  override fold(): void {}
}

const processes = 30;
/** Some ten milliseconds: what else the machine does rarely falls into one turn, and then the median passes it over. */
const messages = 40_000;

export const kernelHash: Benchmark = {
  name: "kernel.hash",
  unit: "%",
  doc: "Time that the rolling hash of the trace takes, of the time of a message.",
  run: () => median(151, hashShare),
};

/** One comparison, in percent: short turns in the order A B B A, so that what drifts on the machine falls on both alike. */
async function hashShare(): Promise<number> {
  const hashed = (): Promise<number> => messagesPerSecond(processes, messages);
  const silent = (): Promise<number> => messagesPerSecond(processes, messages, new SilentTrace(false));
  const rates = [await hashed(), await silent(), await silent(), await hashed()] as const;
  const hashedTime = 1 / rates[0] + 1 / rates[3];
  const silentTime = 1 / rates[1] + 1 / rates[2];
  return Math.round((1 - silentTime / hashedTime) * 1_000) / 10;
}
