/**
 * The clocks of one host. The wall clock may be set off, drift and stand still; the monotonic clock drifts with it but
 * never goes back. Both are whole microseconds computed from virtual time, which no process sees. A timer is measured
 * by the monotonic clock as it runs when the timer is armed; a drift that begins later does not move it.
 */
import type { ProcessClock } from "../kernel/process.ts";
import { UsageError } from "../base/errors.ts";

/** Wall time at the start of every run: 2024-01-01T00:00:00Z. */
export const epochMicros = 1_704_067_200_000_000;

export class HostClock implements ProcessClock {
  readonly #now: () => number;
  readonly #skewed: () => void;
  /** The monotonic clock at the anchor, the moment of the last change of drift. */
  #monotonicAt: number;
  #anchor = 0;
  #drift = 0;
  /** What earlier drifts have added to the wall clock since it was last right. */
  #wallDrift = 0;
  #offset = 0;
  #frozenAt: number | null = null;
  #freezes = 0;
  #isReported = true;

  /** `skewed` is called once per change when a process then reads a clock that is wrong. */
  constructor(now: () => number, bootMicros: number, skewed: () => void) {
    this.#now = now;
    this.#monotonicAt = bootMicros;
    this.#skewed = skewed;
  }

  monotonicMicros(): number {
    // An offset or a freeze leaves this clock alone: reading it then shows nothing wrong.
    if (this.#drift !== 0) this.#report();
    return this.#monotonicAt + (this.#now() - this.#anchor) + this.#drifted();
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

  /**
   * Adds to the drift, parts per million. When none is left the wall clock is right again. Throws `UsageError` when the
   * clocks would stand still or run backwards.
   */
  changeDrift(partsPerMillion: number): void {
    const drift = this.#drift + partsPerMillion;
    if (!(drift > -1_000_000)) {
      throw new UsageError(`a clock cannot drift by ${drift} parts per million: it must be more than -1000000`);
    }
    const drifted = this.#drifted();
    this.#monotonicAt += this.#now() - this.#anchor + drifted;
    this.#anchor = this.#now();
    this.#drift = drift;
    this.#wallDrift = drift === 0 ? 0 : this.#wallDrift + drifted;
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

  /** What the present drift has added since the anchor. */
  #drifted(): number {
    return this.#drift === 0 ? 0 : Math.floor(((this.#now() - this.#anchor) * this.#drift) / 1_000_000);
  }

  #wall(): number {
    return epochMicros + this.#now() + this.#wallDrift + this.#drifted() + this.#offset;
  }

  #report(): void {
    if (this.#isReported) return;
    this.#isReported = true;
    if (this.#drift !== 0 || this.#offset !== 0 || this.#frozenAt !== null) this.#skewed();
  }
}
