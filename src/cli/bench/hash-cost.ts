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

export const kernelHash: Benchmark = {
  name: "kernel.hash",
  unit: "%",
  doc: "Time that the rolling hash of the trace takes, of the time of a message.",
  run: () =>
    median(15, async () => {
      const hashed = await messagesPerSecond(30, 600_000);
      const silent = await messagesPerSecond(30, 600_000, new SilentTrace(false));
      return Math.round((1 - hashed / silent) * 1_000) / 10;
    }),
};
