/**
 * How long things take, in microseconds of a replica's own monotonic clock, which may run fast or slow. Nothing compares
 * the clocks of two replicas; all that is assumed is a bound on how wrong their rates are.
 */
import type { Duration } from "wavetank";

/** No clock runs faster or slower than right by more than this, in parts per thousand: the scenario sees to it. */
export const driftBound = 240;

export const timing = {
  /** Between two looks at the clock: so much and a random part of as much again. */
  tick: 80_000,
  /** A follower that heard from a leader votes for nobody else for so long. */
  promise: 1_500_000,
  /** Elections are spread over so much, lest all stand at once. */
  spread: 60_000,
  /** A candidate waits so long, and some of the spread, before it tries the next term. */
  retry: 150_000,
  /** A leader that reached no majority for so long gives up. */
  patience: 6_000_000,
  /** An answer of another replica that takes longer is given up. */
  call: 250_000,
  /** Entries in the page cache wait so long for others, to be synced together. */
  gather: 40_000,
} as const;

/**
 * How long a leader may count on promises, from the moment it asked for them. The worst case is a leader whose clock is
 * as slow as it may be and a follower whose clock is as fast: the lease must end before the promise there does.
 */
export function safeLease(promise: number): number {
  return Math.floor((promise * (1_000 - driftBound)) / (1_000 + driftBound)) - 1_000;
}

/** The same as ports take it. */
export function lasting(micros: number): Duration {
  return `${micros}us`;
}
