/**
 * The clocks of one host. The wall clock may be set off, drift and stand still; the monotonic clock drifts with it but
 * never goes back. Both are whole microseconds computed from virtual time, which no process sees. A timer is measured
 * by the monotonic clock as it runs when the timer is armed; a drift that begins later does not move it.
 */
import type { ProcessClock } from "../kernel/process.ts";

/** Wall time at the start of every run: 2024-01-01T00:00:00Z. */
export const epochMicros = 1_704_067_200_000_000;

export class HostClock implements ProcessClock {
  readonly #now: () => number;
  readonly #skewed: () => void;
  #monotonicAt: number;
  #anchor = 0;
  #drift = 0;
  #offset = 0;
  #frozenAt: number | null = null;
  #freezes = 0;
  #isReported = true;
  /** Where the monotonic clock would stand without any drift. */
  readonly #bootMicros: number;

  /** `skewed` is called once per change when a process then reads a clock that is wrong. */
  constructor(now: () => number, bootMicros: number, skewed: () => void) {
    this.#now = now;
    this.#bootMicros = bootMicros;
    this.#monotonicAt = bootMicros;
    this.#skewed = skewed;
  }

  monotonicMicros(): number {
    this.#report();
    return this.#monotonic();
  }

  wallMicros(): number {
    this.#report();
    return this.#frozenAt ?? this.#wall();
  }

  virtualDelay(micros: number): number {
    if (this.#drift === 0) return micros;
    this.#report();
    return Math.max(1, Math.ceil((micros * 1_000_000) / (1_000_000 + this.#drift)));
  }

  /** Moves the wall clock for good; call again with the opposite to undo. */
  shift(byMicros: number): void {
    this.#offset += byMicros;
    this.#isReported = false;
  }

  /** Adds to the drift, parts per million. When none is left the wall clock is right again. */
  changeDrift(partsPerMillion: number): void {
    const monotonic = this.#monotonic();
    this.#monotonicAt = monotonic;
    this.#anchor = this.#now();
    this.#drift += partsPerMillion;
    this.#isReported = false;
  }

  freeze(): void {
    this.#frozenAt ??= this.#wall();
    this.#freezes++;
    this.#isReported = false;
  }

  thaw(): void {
    if (--this.#freezes === 0) this.#frozenAt = null;
  }

  #monotonic(): number {
    const elapsed = this.#now() - this.#anchor;
    if (this.#drift === 0) return this.#monotonicAt + elapsed;
    return this.#monotonicAt + elapsed + Math.floor((elapsed * this.#drift) / 1_000_000);
  }

  #wall(): number {
    const drifted = this.#drift === 0 ? 0 : this.#monotonic() - this.#bootMicros - this.#now();
    return epochMicros + this.#now() + drifted + this.#offset;
  }

  #report(): void {
    if (this.#isReported) return;
    this.#isReported = true;
    if (this.#drift !== 0 || this.#offset !== 0 || this.#frozenAt !== null) this.#skewed();
  }
}
