/** What a query answers, from the contents of its result. */
import type { Entry, ErrorValue, Row } from "../collection.ts";
import type { PeekOutcome } from "../compute/protocol.ts";
import type { Change } from "./multiset.ts";
import { isError } from "../collection.ts";
import { consolidateChanges, entryKey, sortChanges } from "./multiset.ts";

/**
 * Rows and how often each is there, in order of their keys; or all errors, smallest first, when there is any: rows mean
 * nothing then. A row that is there less than no time is an error too.
 */
export function outcomeOf(changes: readonly Change[]): PeekOutcome {
  const rows: [Row, number][] = [];
  const errors: Entry[] = [];
  for (const [entry, diff] of sortChanges(consolidateChanges(changes))) {
    if (isError(entry)) errors.push(entry);
    else if (diff > 0) rows.push([entry, diff]);
    else errors.push(overRetracted(entryKey(entry)));
  }
  return errors.length === 0 ? { ok: true, rows } : { ok: false, errors };
}

/** What stands for something that was taken away more often than it came; `cause` names it. */
export function overRetracted(cause: string): ErrorValue {
  return { code: "XX001", message: "more retractions than rows", identity: cause };
}
