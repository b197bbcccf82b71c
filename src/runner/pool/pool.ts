/**
 * Worker threads that carry out tasks. Own code instead of a library because of what a tester of other people's code
 * needs: a worker that hangs or dies costs its task and nothing else, what it was at is known, it is replaced, and a
 * task can ask for a worker that has run nothing before.
 * Tasks are handed out in the order of `run`; which worker takes one must not matter to what it comes to.
 */
import { availableParallelism } from "node:os";
import type { Outcome, Task, TaskOptions, TaskRunner, TaskValues } from "./messages.ts";
import { Lane, type Job } from "./lane.ts";

export interface PoolOptions {
  /** Module of the worker threads: `workerEntry` of `scenario/load.ts`. */
  readonly entry: URL;
  /** Threads at most; default the cores of the machine. */
  readonly jobs?: number | undefined;
  /** Real milliseconds without progress after which a worker is given up; default 20,000. */
  readonly hangMillis?: number | undefined;
  /** Real milliseconds between two looks at the workers; default 500. */
  readonly lookMillis?: number | undefined;
  /** Heap of one worker, at most; default 2,048. */
  readonly memoryMegabytes?: number | undefined;
  /** What workers print; default to standard error. */
  readonly onOutput?: ((text: string) => void) | undefined;
}

/** The cores that this process may use. */
export function coresCount(): number {
  return availableParallelism();
}

/** See the head of the file. Threads start when there is something to do, and end with `close`. */
export class WorkerPool implements TaskRunner {
  readonly jobs: number;
  readonly #lanes: readonly Lane[];
  readonly #waiting: Job[] = [];
  readonly #timer: ReturnType<typeof setInterval>;
  #isClosed = false;

  constructor(options: PoolOptions) {
    this.jobs = options.jobs ?? coresCount();
    this.#lanes = Array.from(
      { length: this.jobs },
      () =>
        new Lane({
          entry: options.entry,
          hangMillis: options.hangMillis ?? 20_000,
          memoryMegabytes: options.memoryMegabytes ?? 2_048,
          onOutput: options.onOutput ?? ((text) => void process.stderr.write(text)),
          onFree: () => this.#handOut(),
        }),
    );
    this.#timer = setInterval(() => {
      for (const lane of this.#lanes) lane.look(performance.now());
    }, options.lookMillis ?? 500);
    this.#timer.unref();
  }

  /** Starts up to `count` threads ahead of their tasks. */
  warm(count: number): void {
    for (const lane of this.#lanes.slice(0, count)) lane.warm();
  }

  /** Carries out a task. Never rejects: what goes wrong is an outcome. */
  run<K extends Task["kind"]>(
    task: Extract<Task, { readonly kind: K }>,
    options: TaskOptions = {},
  ): Promise<Outcome<TaskValues[K]>> {
    return new Promise((resolve) => {
      if (this.#isClosed) return resolve({ kind: "cancelled" });
      const settle = resolve as (outcome: Outcome<unknown>) => void;
      this.#waiting.push({ task, options, settle });
      this.#handOut();
    });
  }

  cancel(): void {
    for (const job of this.#waiting.splice(0)) job.settle({ kind: "cancelled" });
    for (const lane of this.#lanes) lane.cancel();
  }

  /** Cancels what is left and ends every thread. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    this.cancel();
    await Promise.all(this.#lanes.map((lane) => lane.close()));
  }

  #handOut(): void {
    for (const lane of this.#lanes) {
      if (this.#waiting.length === 0) return;
      if (lane.isFree) lane.take(this.#waiting.shift()!);
    }
  }
}
