/**
 * The timer objects that a process gets: `Timeout` and `Immediate` with the members of Node's. Both hold their process,
 * so they can be cleared by whoever holds them. `ref` and `unref` only remember: a run does not end for lack of timers.
 */
import type { AmbientProcess } from "../../../ports/ambient.ts";
import type { AnyFunction } from "../../definition.ts";
import { bindContext } from "../../async-context.ts";
import { processLocal } from "../../process-local.ts";

const disposal: symbol = (Symbol as { dispose?: symbol }).dispose ?? Symbol.for("nodejs.dispose");

/** Timers whose number somebody asked for, so that `clearTimeout(+timer)` finds them. */
export const numbered = processLocal(() => new Map<number, Timeout>());

/** Node's rule: no number, below 1 or above 2^31-1 is 1 ms; the rest is cut to whole milliseconds. */
export function clampDelay(delay: unknown): number {
  const millis = typeof delay === "number" ? delay : Number(delay);
  return millis >= 1 && millis <= 2_147_483_647 ? Math.trunc(millis) : 1;
}

/** What `setTimeout` and `setInterval` return. */
export class Timeout {
  readonly #owner: AmbientProcess;
  readonly #delayMillis: number;
  readonly #isRepeated: boolean;
  readonly #run: () => void;
  readonly #number: number;
  #handle = 0;
  #isRef = true;

  constructor(owner: AmbientProcess, delay: unknown, isRepeated: boolean, callback: AnyFunction, args: unknown[]) {
    this.#owner = owner;
    this.#delayMillis = clampDelay(delay);
    this.#isRepeated = isRepeated;
    this.#run = bindContext(() => {
      if (!this.#isRepeated) this.#handle = 0;
      Reflect.apply(callback, this, args);
    });
    this.#number = this.#arm();
  }

  ref(): this {
    this.#isRef = true;
    return this;
  }

  unref(): this {
    this.#isRef = false;
    return this;
  }

  hasRef(): boolean {
    return this.#isRef;
  }

  /** Starts the delay anew; one that was cleared stays cleared, one that ran runs again. */
  refresh(): this {
    if (this.#handle < 0) return this;
    if (this.#handle > 0) this.#owner.clearTimer(this.#handle);
    this.#arm();
    return this;
  }

  close(): this {
    if (this.#handle > 0) this.#owner.clearTimer(this.#handle);
    this.#handle = -1;
    numbered(this.#owner).delete(this.#number);
    return this;
  }

  [Symbol.toPrimitive](): number {
    numbered(this.#owner).set(this.#number, this);
    return this.#number;
  }

  #arm(): number {
    this.#handle = this.#owner.setTimer(this.#delayMillis, this.#isRepeated, this.#run);
    return this.#handle;
  }
}

/** What `setImmediate` returns. */
export class Immediate {
  readonly #owner: AmbientProcess;
  readonly #handle: number;
  #isRef = true;

  constructor(owner: AmbientProcess, callback: AnyFunction, args: unknown[]) {
    this.#owner = owner;
    this.#handle = owner.setTimer(
      0,
      false,
      bindContext(() => Reflect.apply(callback, this, args) as void),
    );
  }

  ref(): this {
    this.#isRef = true;
    return this;
  }

  unref(): this {
    this.#isRef = false;
    return this;
  }

  hasRef(): boolean {
    return this.#isRef;
  }

  /** Drops the callback unless it ran. */
  close(): this {
    this.#owner.clearTimer(this.#handle);
    return this;
  }
}

for (const kind of [Timeout, Immediate]) {
  Object.defineProperty(kind.prototype, disposal, {
    configurable: true,
    writable: true,
    value(this: Timeout | Immediate) {
      this.close();
    },
  });
}
