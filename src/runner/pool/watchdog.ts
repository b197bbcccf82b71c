/**
 * How the main thread knows that a worker makes progress: a few shared integers that the worker bumps before each step
 * of its work (a run, a file to load) and that can be read while the worker is deep in a loop.
 * An endless loop within one dispatch of a run ends the run by itself (`run/guarded-run.ts`, which knows the process).
 * What is left for the watchdog is what that cannot stop: loading, drawing of plans, code that hides from the
 * interruption.
 */

/** Cells of a slot: number of beats, and what the worker is at. */
const cells = 2;

/** One worker's shared integers. */
export class Slot {
  readonly buffer: SharedArrayBuffer;
  readonly #view: Int32Array;

  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(cells * Int32Array.BYTES_PER_ELEMENT)) {
    this.buffer = buffer;
    this.#view = new Int32Array(buffer);
  }

  /** Says that the worker begins something: `step` is the index of the seed or file, -1 for anything else. */
  beat(step: number): void {
    Atomics.store(this.#view, 1, step);
    Atomics.add(this.#view, 0, 1);
  }

  get beats(): number {
    return Atomics.load(this.#view, 0);
  }

  /** What the worker was at when it last said so. */
  get step(): number {
    return Atomics.load(this.#view, 1);
  }
}

/** Notices that a slot has stood still for too long. Times are real milliseconds of one clock. */
export class Watchdog {
  readonly #limitMillis: number;
  #beats = -1;
  #since = 0;

  constructor(limitMillis: number) {
    this.#limitMillis = limitMillis;
  }

  /** Starts anew: something was just handed to the worker. */
  reset(slot: Slot, now: number): void {
    this.#beats = slot.beats;
    this.#since = now;
  }

  /** Looks at the slot: true when nothing has moved for the limit or longer. */
  isHung(slot: Slot, now: number): boolean {
    if (slot.beats !== this.#beats) this.reset(slot, now);
    return now - this.#since >= this.#limitMillis;
  }
}
