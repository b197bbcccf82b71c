/** Awaited messages between pairs of processes: the kernel's own cost, and what many processes add to it. */
import { RandomOracle } from "../../kernel/choices.ts";
import { inMacrotask, runSync } from "../../kernel/drain.ts";
import { Kernel } from "../../kernel/kernel.ts";
import type { Trace } from "../../kernel/trace.ts";
import { performanceNow } from "../../ambient/real.ts";
import type { Benchmark } from "./benchmark.ts";
import { Mailbox } from "./mailbox.ts";
import { median } from "./median.ts";

const few = 30;
const many = 3_000;
const messages = 1_000_000;
const runs = 5;

export const kernelMessages: Benchmark = {
  name: "kernel.messages",
  unit: "msg/s",
  doc: `Awaited messages between ${few} processes, on one core.`,
  run: () => median(runs, () => messagesPerSecond(few, messages)),
};

export const kernelCrowd: Benchmark = {
  name: "kernel.crowd",
  unit: "×",
  doc: `What a message costs among ${many} processes, against ${few}.`,
  run: () =>
    median(runs, async () => {
      const alone = await messagesPerSecond(few, messages);
      return Math.round((alone / (await messagesPerSecond(many, messages))) * 100) / 100;
    }),
};

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
