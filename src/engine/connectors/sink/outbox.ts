/**
 * What a sink has heard of its input and not sent yet, as a pure core. While the input holds a definite error nothing of
 * it is revealed; once the error is retracted, at `t`, everything that changed meanwhile counts as a change at `t`.
 */
import type { Entry, ErrorValue, Frontier, Row, Time, Update } from "../../collection.ts";
import { isBeyond, isError } from "../../collection.ts";
import { consolidate, dataKey } from "../../consolidation.ts";

export interface Outbox {
  /** In order of time. */
  readonly pending: readonly Update<Row>[];
  /** Errors in force, with their multiplicities, before `pendingErrors`. */
  readonly errors: ReadonlyMap<string, readonly [error: ErrorValue, count: number]>;
  readonly pendingErrors: readonly Update<ErrorValue>[];
}

/** What may be sent at a frontier. */
export interface Release {
  /** By time, ascending; consolidated. */
  readonly batches: readonly (readonly [time: Time, changes: readonly Update<Row>[]])[];
  /** How far the sink may say that it has come: up to the first time with an error in force. */
  readonly upper: Frontier;
  /** The smallest error in force at `upper`. */
  readonly error: ErrorValue | undefined;
}

/** The outbox of a sink that resumes with these contents of its input, of which only the errors matter. */
export function newOutbox(contents: readonly Update<Entry>[]): Outbox {
  const errors = contents.filter((update): update is Update<ErrorValue> => isError(update[0]));
  return { pending: [], errors: applied(new Map(), errors), pendingErrors: [] };
}

/** Takes in changes of the input. */
export function receive(outbox: Outbox, updates: readonly Update<Entry>[]): Outbox {
  const rows: Update<Row>[] = [];
  const errors: Update<ErrorValue>[] = [];
  for (const update of updates) {
    const [entry, time, diff] = update;
    if (isError(entry)) errors.push([entry, time, diff]);
    else rows.push([entry, time, diff]);
  }
  return {
    ...outbox,
    pending: [...outbox.pending, ...rows],
    pendingErrors: [...outbox.pendingErrors, ...errors],
  };
}

/** What may be sent now that the input's frontier is `frontier`, and what remains. `from`: where the sink is. */
export function release(outbox: Outbox, from: Time, frontier: Frontier): readonly [Outbox, Release] {
  const ready = <D>(updates: readonly Update<D>[]) => updates.filter(([, time]) => isBeyond(frontier, time));
  const rest = <D>(updates: readonly Update<D>[]) => updates.filter(([, time]) => !isBeyond(frontier, time));
  const times = [...new Set([...ready(outbox.pending), ...ready(outbox.pendingErrors)].map(([, time]) => time))];
  let { errors } = outbox;
  let held: Update<Row>[] = [];
  let upper: Frontier = errors.size > 0 ? from : frontier;
  const batches: (readonly [Time, readonly Update<Row>[]])[] = [];
  for (const time of times.toSorted((a, b) => a - b)) {
    const wereErrors = errors.size > 0;
    errors = applied(
      errors,
      outbox.pendingErrors.filter(([, at]) => at === time),
    );
    const changes = outbox.pending.filter(([, at]) => at === time);
    if (errors.size > 0) {
      // From here on nothing is revealed; the sink stays where the first error came.
      if (!wereErrors) upper = time;
      held.push(...changes);
      continue;
    }
    const revealed = consolidate([...held, ...changes].map(([row, , diff]) => [row, time, diff] as const));
    held = [];
    upper = frontier;
    if (revealed.length > 0) batches.push([time, revealed]);
  }
  const remaining: Outbox =
    errors.size > 0
      ? { pending: [...held, ...rest(outbox.pending)], errors, pendingErrors: rest(outbox.pendingErrors) }
      : { pending: rest(outbox.pending), errors, pendingErrors: rest(outbox.pendingErrors) };
  return [remaining, { batches, upper, error: smallest(errors) }];
}

function applied(
  errors: ReadonlyMap<string, readonly [error: ErrorValue, count: number]>,
  updates: readonly Update<ErrorValue>[],
): ReadonlyMap<string, readonly [error: ErrorValue, count: number]> {
  const after = new Map(errors);
  for (const [error, , diff] of updates) {
    const key = dataKey(error);
    const count = (after.get(key)?.[1] ?? 0) + diff;
    if (count === 0) after.delete(key);
    else after.set(key, [error, count]);
  }
  return after;
}

function smallest(errors: ReadonlyMap<string, readonly [error: ErrorValue, count: number]>): ErrorValue | undefined {
  const key = [...errors.keys()].toSorted((a, b) => (a < b ? -1 : 1))[0];
  return key === undefined ? undefined : errors.get(key)![0];
}
