/** Awaited messages between pairs of processes: the kernel's own cost. */
import { RandomOracle } from "../../kernel/choices.ts";
import { inMacrotask, runSync } from "../../kernel/drain.ts";
import { Kernel } from "../../kernel/kernel.ts";
import type { Trace } from "../../kernel/trace.ts";
import { performanceNow } from "../../ambient/real.ts";
import { Mailbox } from "./mailbox.ts";

/** Messages per second of real time, awaited one by one by `processes` processes in pairs. */
export async function messagesPerSecond(processes: number, messages: number, trace?: Trace): Promise<number> {
  const oracle = new RandomOracle("bench");
  const eventsMax = Number.MAX_SAFE_INTEGER;
  const kernel = new Kernel({ seed: "bench", oracle, eventsMax, burstMax: eventsMax, ...(trace && { trace }) });
  const kind = kernel.trace.intern("message");
  const rounds = Math.ceil(messages / processes);
  let received = 0;
  for (let index = 0; index < processes; index += 2) {
    const left = new Mailbox(kernel, oracle, `left-${index}`, kind);
    const right = new Mailbox(kernel, oracle, `right-${index}`, kind);
    left.run(async () => {
      for (let round = 0; round < rounds; round++) {
        left.send(right, round);
        await left.receive();
        received++;
      }
    });
    right.run(async () => {
      for (let round = 0; ; round++) {
        await right.receive();
        received++;
        right.send(left, round);
      }
    });
  }
  const started = performanceNow();
  await inMacrotask(() => runSync(kernel, Infinity, () => false));
  return Math.round((received * 1_000) / (performanceNow() - started));
}

/** Median of several runs. */
export async function median(runs: number, measure: () => Promise<number>): Promise<number> {
  const values: number[] = [];
  for (let run = 0; run < runs; run++) values.push(await measure());
  return values.toSorted((a, b) => a - b)[runs >> 1]!;
}
