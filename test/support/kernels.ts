/** Kernels and processes for tests that need nothing else. */
import { RandomOracle, type Oracle } from "../../src/kernel/choices.ts";
import { inMacrotask, runSync } from "../../src/kernel/drain.ts";
import { Kernel, type KernelOptions } from "../../src/kernel/kernel.ts";
import type { Process, ProcessOptions } from "../../src/kernel/process.ts";

export function newKernel(options: Partial<KernelOptions> & { readonly oracle?: Oracle } = {}): Kernel {
  return new Kernel({ seed: "test", oracle: new RandomOracle("test"), ...options });
}

export function newProcess(kernel: Kernel, name: string, options: Partial<ProcessOptions> = {}): Process {
  const clock = {
    wallMicros: () => 1_000_000 + kernel.now,
    monotonicMicros: () => kernel.now,
    virtualDelay: (micros: number) => micros,
  };
  return kernel.spawn({ name, incarnation: 1, hostName: name, ambient: "virtual", clock, costMicros: 0, ...options });
}

/** Dispatches `program` to a process at a moment. */
export function startAt(kernel: Kernel, process: Process, at: number, program: () => unknown): void {
  kernel.schedule(process, at - kernel.now, kernel.kinds.timer, process.number + 1, () => void program(), undefined);
}

/** Resolves in an event of the process after `micros`. */
export function sleep(process: Process, micros: number): Promise<void> {
  return new Promise((resolve) => void process.setTimer(micros / 1_000, false, resolve));
}

export function runAll(kernel: Kernel, until = Infinity): Promise<void> {
  return inMacrotask(() => runSync(kernel, until, () => false));
}
