/**
 * Exponential backoff with jitter: the one table of delays that the engine's retries use. It only says how long to wait;
 * waiting is the caller's.
 */
import type { Duration, Micros } from "../base/time.ts";
import type { Host } from "../ports/host.ts";
import { micros, parseDuration } from "../base/time.ts";

export interface Backoff {
  /** How long to wait before the next attempt, virtual µs: between half of the present step and all of it. */
  next(): Micros;
  /** After a success: the next delay is the first one again. */
  reset(): void;
}

export interface BackoffOptions {
  /** The first step; every further one is twice as long. */
  readonly first: Duration | Micros;
  /** No step is longer. */
  readonly max: Duration | Micros;
  /** Whose entropy the jitter is drawn from. */
  readonly host: Pick<Host, "random">;
}

/** Delays of one retried thing. Draws from the host's entropy once per `next`, so equal hosts draw equal delays. */
export function backoff({ first, max, host }: BackoffOptions): Backoff {
  const firstMicros = parseDuration(first);
  const maxMicros = parseDuration(max);
  let step = firstMicros;
  return {
    next() {
      const half = Math.floor(step / 2);
      const delay = step - host.random(half + 1);
      step = micros(Math.min(maxMicros, step * 2));
      return micros(delay);
    },
    reset() {
      step = firstMicros;
    },
  };
}

/**
 * Repeats an attempt, for ever, as long as it fails with an error that has a `code`; any other error is a bug and is thrown
 * on. `settle` may put an end to it: a failure that it has an answer for is one.
 */
export async function persevere<T, F extends Error = Error>(
  host: Pick<Host, "random" | "sleep">,
  attempt: () => Promise<T>,
  settle?: (failure: F) => T | undefined,
): Promise<T> {
  let delays: Backoff | undefined;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      const failure: Error = withCode(error);
      const settled = settle?.(failure as F);
      if (settled !== undefined) return settled;
      delays ??= backoff({ ...backoffSteps.request, host });
      await host.sleep(delays.next());
    }
  }
}

/** The error itself if it is an expected failure, which has a `code`; anything else is a bug and is thrown on. */
export function withCode(error: unknown): Error & { readonly code: string } {
  if (error instanceof Error && typeof (error as { code?: unknown }).code === "string") {
    return error as Error & { readonly code: string };
  }
  throw error;
}

/** Steps of the engine's backoffs, by what is tried again. */
export const backoffSteps = {
  /** A request to the blob store or a statement to consensus that failed. */
  request: { first: "100ms", max: "10s" },
  /** Opening a session with consensus. */
  session: { first: "1s", max: "60s" },
} as const satisfies { readonly [what: string]: Omit<BackoffOptions, "host"> };
