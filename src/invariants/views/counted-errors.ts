/** S-ERR-3. */
import type { Breach } from "../../runner/definition.ts";
import type { Observed } from "../state/observed.ts";
import { defineInvariant } from "../define-invariant.ts";
import { elementKey, isErrorElement, Multiset } from "../state/multiset.ts";
import { ViewBook } from "./view-book.ts";

interface State {
  readonly book: ViewBook;
  /** By shard. */
  readonly errors: Map<string, Multiset>;
}

/**
 * S-ERR-3: errors are counted. None is ever retracted more often than it came, in any shard; and when the last error of a
 * view goes away, no input is left that makes it one, also when there was another error of the same text. Durable shards
 * say so; what two writers both tried took effect once.
 */
export const countedErrors = defineInvariant<State, Observed>({
  id: "S-ERR-3",
  doc: "No error is retracted more often than it came, and none is forgotten while its cause remains.",
  state: () => ({
    errors: new Map(),
    book: new ViewBook("mended", ({ view, time, expected, observed }) => {
      if (expected.ok || observed.errors.length > 0) return undefined;
      const { code, message } = expected.error;
      return {
        subject: view,
        message: `view ${view} has forgotten an error at ${time} whose cause remains`,
        expected: `${code} ${message}`,
        observed: [],
      };
    }),
  }),
  on: {
    "shard.changed": ({ book, errors }, data) => overRetracted(errors, data) ?? book.changed(data),
  },
});

function overRetracted(all: Map<string, Multiset>, event: Observed["shard.changed"]): Breach | undefined {
  const updates = event.updates.filter(([data]) => isErrorElement(data));
  if (updates.length === 0) return undefined;
  const errors = all.get(event.shard) ?? new Multiset();
  all.set(event.shard, errors);
  const ordered = updates.toSorted((a, b) => a[1] - b[1]);
  const counts = new Map<string, number>();
  for (const [at, [data, time, diff]] of ordered.entries()) {
    counts.set(elementKey(data), errors.add(data, diff));
    if (ordered[at + 1]?.[1] === time) continue;
    for (const [key, count] of counts) {
      if (count >= 0) continue;
      const message = `an error in shard ${event.shard} was retracted more often than it came: ${key}`;
      return { subject: event.shard, message, expected: 0, observed: count };
    }
    counts.clear();
  }
  return undefined;
}
