/** Decisions of a cluster's controller: who runs what, what its history forgets, and when it gives a query up. */
import type { Duration } from "../../base/time.ts";
import type { RenderedObject } from "./protocol.ts";

export interface ClusterPolicies {
  /** Whether a replica is to run an object; `replicas` are those of the cluster by age, the oldest first. */
  readonly runsOn: (object: RenderedObject, replica: string, replicas: readonly string[]) => boolean;
  /** Whether the history loses an object with its drop, so that no replica hears of it again. */
  readonly isForgotten: (id: string) => boolean;
  /** How long a replica that connects is left alone between two objects that it is told of. */
  readonly replayPace: () => Duration;
  /** Whether a report is worth handing on: of an object with this incarnation in the history, undefined when it has none. */
  readonly isHeard: (reported: number, present: number | undefined) => boolean;
  /** Whether a replica is asked a query again that it was asked in so many lives which have ended since. */
  readonly mayAskAgain: (lives: number) => boolean;
}

export const clusterPolicies: ClusterPolicies = {
  // What writes to the outside does so once: by the oldest replica, for it has come furthest.
  runsOn: (object, replica, replicas) => object.kind === "materialized-view" || replicas[0] === replica,
  isForgotten: () => true,
  replayPace: () => "1ms",
  isHeard: (reported, present) => reported === present,
  // Once is bad luck, twice in a row it may be the query itself.
  mayAskAgain: (lives) => lives < 2,
};
