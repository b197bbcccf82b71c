/**
 * Finds where two runs part that should be the same. Hashes at checkpoints bracket the place; the full traces, if both
 * runs have one, name the record. Data only, `report` makes text of it.
 */
import { checkpointEvents } from "../../kernel/trace.ts";
import type { RunRecord, TraceRecord } from "./record.ts";

/** Where two runs part. */
export interface Divergence {
  /** Number of the first event that differs, or of the first that may: then `eventLast` is greater. */
  readonly event: number;
  /** Number of the last event that may be the first to differ; `event` where it is known exactly. */
  readonly eventLast: number;
  /** The first differing trace record on either side; null where that run had ended, or has no full trace. */
  readonly left: TraceRecord | null;
  readonly right: TraceRecord | null;
  /** Up to 5 records right before it on which both agree. */
  readonly before: readonly TraceRecord[];
}

/** Executes a plan, with the full trace if asked for. */
export type Run = (options: { readonly record: boolean }) => Promise<RunRecord>;

/** Records that are shown before the one that differs. */
const beforeCount = 5;

/**
 * Runs both sides and compares them; where they differ, once more with full traces. Null when they agree. Should the
 * second pair agree, as it may with real nondeterminism, the bracket from the first pair's checkpoints is the answer.
 */
export async function findDivergence(runA: Run, runB: Run): Promise<Divergence | null> {
  const bracket = firstDivergence(await runA({ record: false }), await runB({ record: false }));
  if (bracket === null) return null;
  const exact = firstDivergence(await runA({ record: true }), await runB({ record: true }));
  return exact ?? bracket;
}

/** Where two runs of one plan part, as exactly as their traces and checkpoints tell; null when they agree. */
export function firstDivergence(a: RunRecord, b: RunRecord): Divergence | null {
  if (a.hash === b.hash && a.events === b.events) return null;
  if (a.trace.length > 0 && b.trace.length > 0) {
    const exact = compareTraces(a.trace, b.trace);
    if (exact !== null) return exact;
  }
  return compareCheckpoints(a, b);
}

function compareTraces(left: readonly TraceRecord[], right: readonly TraceRecord[]): Divergence | null {
  let index = 0;
  while (index < left.length && index < right.length && isSame(left[index]!, right[index]!)) index++;
  const leftRecord = left[index] ?? null;
  const rightRecord = right[index] ?? null;
  if (leftRecord === null && rightRecord === null) return null;
  const event = Math.min(leftRecord?.event ?? Infinity, rightRecord?.event ?? Infinity);
  const before = left.slice(Math.max(0, index - beforeCount), index);
  return { event, eventLast: event, left: leftRecord, right: rightRecord, before };
}

function isSame(a: TraceRecord, b: TraceRecord): boolean {
  return (
    a.event === b.event &&
    a.at === b.at &&
    a.process === b.process &&
    a.kind === b.kind &&
    a.text === b.text &&
    a.hash === b.hash
  );
}

/** The hash covers all events before it: hashes that agree once have always agreed, so the first is found by halving. */
function compareCheckpoints(a: RunRecord, b: RunRecord): Divergence {
  const shared = Math.min(a.checkpoints.length, b.checkpoints.length);
  let agreed = 0;
  let differing = shared + 1;
  while (differing - agreed > 1) {
    const middle = agreed + Math.floor((differing - agreed) / 2);
    if (a.checkpoints[middle - 1] === b.checkpoints[middle - 1]) agreed = middle;
    else differing = middle;
  }
  const event = agreed * checkpointEvents + 1;
  // Beyond the last shared checkpoint the shorter run has ended, and where the longer one goes on it differs.
  const shorter = Math.min(a.events, b.events);
  const end = a.events === b.events ? shorter : shorter + 1;
  const eventLast = differing <= shared ? differing * checkpointEvents : end;
  return { event, eventLast: Math.max(event, eventLast), left: null, right: null, before: [] };
}
