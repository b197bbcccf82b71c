/** One lane of the pool: at most one worker thread at a time, and the task that it carries out. */
import { Worker } from "node:worker_threads";
import type { Outcome, TaskOptions, WorkerMessage } from "./messages.ts";
import { Slot, Watchdog } from "./watchdog.ts";

export interface Job {
  readonly task: unknown;
  readonly options: TaskOptions;
  readonly settle: (outcome: Outcome<unknown>) => void;
}

export interface LaneOptions {
  readonly entry: URL;
  readonly hangMillis: number;
  readonly memoryMegabytes: number;
  /** What workers print: their standard output is not the command's. */
  readonly onOutput: (text: string) => void;
  /** Called when the lane can take a job again. */
  readonly onFree: () => void;
}

export class Lane {
  readonly #options: LaneOptions;
  readonly #watchdog: Watchdog;
  #worker: Worker | null = null;
  #slot = new Slot();
  #isFresh = true;
  #job: Job | null = null;
  /** Terminations under way; `close` waits for them. */
  readonly #ending = new Set<Promise<unknown>>();

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#watchdog = new Watchdog(options.hangMillis);
  }

  get isFree(): boolean {
    return this.#job === null;
  }

  /** Starts the worker before there is a job for it: starting takes longer than most runs. */
  warm(): void {
    this.#worker ??= this.#start();
  }

  take(job: Job): void {
    if (job.options.isFresh === true && !this.#isFresh) this.#drop();
    this.#job = job;
    this.warm();
    this.#isFresh = false;
    this.#slot.beat(-1);
    this.#watchdog.reset(this.#slot, performance.now());
    this.#worker!.postMessage(job.task);
  }

  /** Ends the job when its worker has stood still for too long. */
  look(now: number): void {
    if (this.#job === null || !this.#watchdog.isHung(this.#slot, now)) return;
    const { step } = this.#slot;
    this.#drop();
    const message = `no progress for ${this.#options.hangMillis / 1_000} s of real time`;
    this.#end({ kind: "lost", how: "hung", message, step });
  }

  /** Ends the job, if any, and its worker with it. */
  cancel(): void {
    if (this.#job === null) return;
    this.#drop();
    this.#end({ kind: "cancelled" });
  }

  async close(): Promise<void> {
    this.#drop();
    if (this.#job !== null) this.#end({ kind: "cancelled" });
    await Promise.all(this.#ending);
  }

  #start(): Worker {
    this.#slot = new Slot();
    this.#isFresh = true;
    const worker = new Worker(this.#options.entry, {
      workerData: { slot: this.#slot.buffer },
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: this.#options.memoryMegabytes },
    });
    let cause = "";
    const ifCurrent =
      <A>(act: (argument: A) => void) =>
      (argument: A): void => {
        if (this.#worker === worker) act(argument);
      };
    worker.on(
      "message",
      ifCurrent((message: WorkerMessage) => this.#hear(message)),
    );
    worker.on("error", (error: Error) => (cause = causeOf(error, this.#options.memoryMegabytes)));
    worker.on(
      "exit",
      ifCurrent((code: number) => this.#lose(cause === "" ? `its thread ended with exit code ${code}` : cause)),
    );
    for (const stream of [worker.stdout, worker.stderr]) {
      stream.on("data", (chunk: Buffer) => this.#options.onOutput(chunk.toString()));
    }
    return worker;
  }

  #hear(message: WorkerMessage): void {
    if (message.kind === "note") {
      this.#job?.options.onNote?.(message.note);
      return;
    }
    if (message.kind === "done") {
      if (message.isSpent) this.#drop();
      this.#end({ kind: "done", value: message.value });
      return;
    }
    this.#end(message);
  }

  #lose(message: string): void {
    const { step } = this.#slot;
    this.#worker = null;
    this.#isFresh = true;
    if (this.#job !== null) this.#end({ kind: "lost", how: "died", message, step });
  }

  #end(outcome: Outcome<unknown>): void {
    const job = this.#job;
    this.#job = null;
    job?.settle(outcome);
    this.#options.onFree();
  }

  #drop(): void {
    const worker = this.#worker;
    this.#worker = null;
    this.#isFresh = true;
    if (worker === null) return;
    const ending: Promise<unknown> = worker.terminate().finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }
}

function causeOf(error: Error, memoryMegabytes: number): string {
  const code = (error as { readonly code?: unknown }).code;
  if (code === "ERR_WORKER_OUT_OF_MEMORY") return `it used more than ${memoryMegabytes} MB of memory`;
  return `${error.name}: ${String(error.message).split("\n")[0]}`;
}
