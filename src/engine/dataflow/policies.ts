/** Decisions of dataflows. Each is small, looks as if it could be made the other way round, and can be overridden. */
import type { Datum, ErrorValue, Frontier, Time } from "../collection.ts";
import { hashText } from "../../base/hash.ts";
import { meet } from "../collection.ts";

/** An error of one operator, by its text: how often it holds. */
export type HeldErrors = Map<string, number>;

export interface DataflowPolicies {
  /** What tells an evaluation error apart from others of equal text. `cause` names the row or the group it comes from. */
  readonly errorIdentity: (error: { readonly code: string; readonly message: string }, cause: string) => string;
  /** What an operator says when an evaluation error comes (`diff` > 0) or goes. It may keep what it needs in `held`. */
  readonly errorChanges: (
    held: HeldErrors,
    error: ErrorValue,
    diff: number,
  ) => readonly (readonly [error: ErrorValue, diff: number])[];
  /** The worker, of all those of the replica, that rows of this key belong to. */
  readonly route: (key: string, workers: number) => number;
  /** What a receiver knows of an edge when it knows this of each sender. */
  readonly edgeFrontier: (senders: readonly Frontier[]) => Frontier;
  /** Whether the changes of a time may be worked on when no earlier ones than `frontier` can come. */
  readonly isComplete: (frontier: Frontier, time: Time) => boolean;
  /** Whether two rows with this key are joined. */
  readonly canMatch: (key: readonly Datum[]) => boolean;
}

export const dataflowPolicies: DataflowPolicies = {
  errorIdentity: (_error, cause) => cause,
  errorChanges: (_held, error, diff) => [[error, diff]],
  route: (key, workers) => (workers === 1 ? 0 : (hashText(key) >>> 0) % workers),
  edgeFrontier: (senders) => senders.reduce(meet, null),
  isComplete: (frontier, time) => frontier === null || frontier > time,
  canMatch: (key) => !key.includes(null),
};
