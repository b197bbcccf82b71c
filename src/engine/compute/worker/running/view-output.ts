/**
 * How a view's result gets into its shard, as a pure core: what came out and is not written yet, up to where the result is
 * known, up to where the shard is written. Another replica may write the same shard: its contents are the same, so what it
 * has written need not be.
 */
import type { Entry, Frontier, Time, Update } from "../../../collection.ts";
import type { ReplicaPolicies } from "../policies.ts";
import { isBeyond } from "../../../collection.ts";

export interface ViewOutput {
  /** In order of time. */
  readonly pending: readonly Update<Entry>[];
  /** The result is complete below it. */
  readonly frontier: Frontier;
  /** The shard is written below it. */
  readonly upper: Frontier;
}

/** One step of writing: all of the result with times from `lower` up to `upper`. */
export interface ViewAppend {
  readonly updates: readonly Update<Entry>[];
  readonly lower: Time;
  readonly upper: Frontier;
}

/** More of the result came out. */
export function grown(output: ViewOutput, updates: readonly Update<Entry>[], frontier: Frontier): ViewOutput {
  return { ...output, pending: updates.length === 0 ? output.pending : [...output.pending, ...updates], frontier };
}

/** What is to be written now; undefined while the shard is as far as the result. */
export function nextAppend(
  { pending, frontier, upper }: ViewOutput,
  { isDurable }: ReplicaPolicies,
): ViewAppend | undefined {
  if (upper === null || !isBeyond(frontier, upper)) return undefined;
  // Another writer may have been ahead when some of these came out.
  const updates = pending.filter(([, time]) => isBeyond(frontier, time) && !isDurable(time, upper));
  return { updates, lower: upper, upper: frontier };
}

/** The shard is written up to here: by us, or by another. */
export function written(output: ViewOutput, upper: Frontier, policies: ReplicaPolicies): ViewOutput {
  return { ...output, pending: output.pending.filter(([, time]) => !policies.isDurable(time, upper)), upper };
}
