/** Many timers over an hour of virtual time, half of them cancelled. */
import { RandomOracle, site } from "../../kernel/choices.ts";
import { inMacrotask, runSync } from "../../kernel/drain.ts";
import type { KernelEvent } from "../../kernel/event-queue.ts";
import { Kernel } from "../../kernel/kernel.ts";
import { performanceNow } from "../../ambient/real.ts";
import type { Benchmark } from "./benchmark.ts";
import { Mailbox } from "./mailbox.ts";
import { median } from "./median.ts";

export const kernelTimers: Benchmark = {
  name: "kernel.timers",
  unit: "ms",
  doc: "100,000 timers over an hour of virtual time, half of them cancelled.",
  run: () => median(5, () => timersMillis(100_000)),
};

const timerSite = site("bench.timer");

/** Real milliseconds for arming `count` timers, cancelling every second one and running the rest. */
async function timersMillis(count: number): Promise<number> {
  const oracle = new RandomOracle("bench");
  const kernel = new Kernel({ seed: "bench", oracle });
  const { process } = new Mailbox(kernel, oracle, "timers", kernel.kinds.timer);
  const started = performanceNow();
  let fired = 0;
  const fire = (): void => {
    fired++;
  };
  const events: KernelEvent[] = [];
  for (let index = 0; index < count; index++) {
    const delay = 1 + oracle.choose(timerSite, index, 1 << 22) * 858;
    events.push(kernel.schedule(process, delay, kernel.kinds.timer, process.timerChannel, fire, undefined));
  }
  for (let index = 0; index < count; index += 2) kernel.cancel(events[index]!);
  await inMacrotask(() => runSync(kernel, Infinity, () => false));
  if (fired !== count / 2) throw new Error(`${fired} of ${count / 2} timers fired`);
  return Math.round((performanceNow() - started) * 10) / 10;
}
