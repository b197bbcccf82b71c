/**
 * When a failed attempt is made again, and what the failure is when it is not: a pure decision over what one call has
 * been through. All times are microseconds of the host's monotonic clock.
 */
import type { KafkaFailureClass } from "../../../ports/kafka.ts";
import { micros, type Micros } from "../../../base/time.ts";
import type { Trouble } from "./error-table.ts";

/** How long the client tries, and how often. */
export interface ClientLimits {
  /** One request; a long poll gets the time that it asks to wait on top. */
  readonly request: Micros;
  /** All attempts of one call together. */
  readonly delivery: Micros;
  /** How long a topic or partition may be unknown before it counts as missing. */
  readonly propagation: Micros;
  readonly firstBackoff: Micros;
  readonly lastBackoff: Micros;
  /** Metadata younger than this is not asked for again. */
  readonly metadataAge: Micros;
}

/** What the engine's clients use. */
export const clientLimits: ClientLimits = {
  request: micros(2_000_000),
  delivery: micros(10_000_000),
  propagation: micros(5_000_000),
  firstBackoff: micros(20_000),
  lastBackoff: micros(1_000_000),
  metadataAge: micros(100_000),
};

/** What one call has been through so far. */
export interface Attempts {
  readonly startedAt: number;
  readonly endsAt: number;
  readonly failed: number;
  readonly isUncertain: boolean;
  /** Since when the topic is unknown without a break. */
  readonly unknownSince: number | null;
}

/** The next attempt after a pause, or the end. */
export type Verdict =
  | { readonly kind: "again"; readonly delay: Micros; readonly attempts: Attempts }
  | {
      readonly kind: "fail";
      readonly code: string;
      readonly failure: KafkaFailureClass;
      readonly isUncertain: boolean;
    };

/** A call that begins at `startedAt` and may take `patience`. */
export function firstAttempt(startedAt: number, patience: number): Attempts {
  return { startedAt, endsAt: startedAt + patience, failed: 0, isUncertain: false, unknownSince: null };
}

/** Decides after an attempt that failed at `now`. */
export function afterTrouble(before: Attempts, trouble: Trouble, now: number, limits: ClientLimits): Verdict {
  const isUncertain = before.isUncertain || trouble.isUncertain;
  const isUnknown = trouble.code === "UNKNOWN_TOPIC_OR_PARTITION";
  const unknownSince = isUnknown ? (before.unknownSince ?? now) : null;
  const delay = backoff(before.failed, limits);
  const isMissing = unknownSince !== null && now - unknownSince >= limits.propagation;
  if (trouble.retry === "no" || isMissing || now + delay >= before.endsAt) {
    const failure = lastingFailure(trouble, isMissing, isUncertain);
    return { kind: "fail", code: trouble.code, failure, isUncertain };
  }
  return { kind: "again", delay, attempts: { ...before, failed: before.failed + 1, isUncertain, unknownSince } };
}

/** A producer that is fenced is so whatever became of its earlier attempts; else a possible effect outweighs the code. */
function lastingFailure(trouble: Trouble, isMissing: boolean, isUncertain: boolean): KafkaFailureClass {
  if (trouble.failure === "fenced") return "fenced";
  if (isUncertain) return "ambiguous";
  // Patience ended before it was clear that the topic is gone.
  if (trouble.failure === "permanent" && trouble.retry !== "no" && !isMissing) return "transient";
  return trouble.failure;
}

function backoff(failed: number, { firstBackoff, lastBackoff }: ClientLimits): Micros {
  return micros(Math.min(lastBackoff, firstBackoff * 2 ** Math.min(failed, 20)));
}
