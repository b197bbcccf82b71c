/**
 * How long a mesh waits for what, and what follows for how long forming may take. The argument for the bound, with its
 * side conditions, is in the project's page on the mesh; here are its numbers alone.
 */
import type { Duration, Micros } from "../../base/time.ts";
import { micros, parseDuration } from "../../base/time.ts";

/** Waits of one process that forms a mesh or is in one. */
export const meshTiming = {
  /** So often a port that is taken is asked for, `retryDelay` apart, before the process gives up. */
  bindTries: 10,
  /** A dial without an answer is over. */
  dialTimeout: "2s",
  /** A connection whose two sides have not agreed by then is given up. */
  handshakeTimeout: "3s",
  /** From a dial that came to nothing to the next one. */
  retryDelay: "1s",
  /** Of each process: a word on every link on which nothing was said since the last one. */
  beatEvery: "5s",
  /** So many beats in a row without a word from the other side, and it is taken for dead. */
  silencesMax: 2,
} as const satisfies { readonly [wait: string]: Duration | number };

/** The longest time for which a link that is dead is taken for alive, virtual µs: its first beat counts what came before. */
export function silenceBound(): Micros {
  return micros((meshTiming.silencesMax + 1) * parseDuration(meshTiming.beatEvery));
}

/**
 * How long forming takes at most once nothing from outside disturbs any more, virtual µs: for each process, one retry and
 * one dead link, and for all of them together one wait of the slowest for its restart.
 */
export function formingBound(processes: number, longestRestart: Duration | Micros): Micros {
  const each = parseDuration(meshTiming.retryDelay) + silenceBound();
  return micros(processes * each + parseDuration(longestRestart));
}
