/**
 * Bindings of upstream positions to engine times. A source's shard holds, beside its rows and errors, for each partition
 * the offset that its contents reach: both are appended by one compare-and-append, so that no crash can come between
 * them. What is bound at a time is bound to it for ever.
 */
import type { Entry, Update } from "../../collection.ts";

/** All records of a partition below `offset` are in the collection. */
export type Binding = { readonly partition: number; readonly offset: number };

/** What a source's shard is made of. */
export type SourceEntry = Entry | Binding;

/** Whether an element of a source's shard is a binding. */
export function isBinding(entry: SourceEntry): entry is Binding {
  return !Array.isArray(entry) && "partition" in entry;
}

/** Bindings and contents of a snapshot of a source's shard. */
export function splitSnapshot(snapshot: readonly (readonly [data: SourceEntry, diff: number])[]): {
  readonly bindings: Map<number, number>;
  readonly contents: readonly (readonly [data: Entry, diff: number])[];
} {
  const bindings = new Map<number, number>();
  const contents: (readonly [data: Entry, diff: number])[] = [];
  for (const [data, diff] of snapshot) {
    if (isBinding(data)) bindings.set(data.partition, data.offset);
    else contents.push([data, diff]);
  }
  return { bindings, contents };
}

/** The changes of the bindings at `time` from `before` to `after`. */
export function rebind(
  before: ReadonlyMap<number, number>,
  after: ReadonlyMap<number, number>,
  time: number,
): readonly Update<Binding>[] {
  const updates: Update<Binding>[] = [];
  for (const [partition, offset] of after) {
    const old = before.get(partition);
    if (old === offset) continue;
    if (old !== undefined) updates.push([{ partition, offset: old }, time, -1]);
    updates.push([{ partition, offset }, time, 1]);
  }
  return updates;
}
