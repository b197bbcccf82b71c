/** What runs under a number in one process of a replica, and what it is given to run with. */
import type { Host } from "../../../../ports/host.ts";
import type { Place, ShareStep } from "../../../dataflow/share.ts";
import type { DataflowPolicies } from "../../../dataflow/policies.ts";
import type { Share } from "../../../dataflow/share.ts";
import type { PersistClient } from "../../../persist/persist.ts";
import type { Report } from "../messages.ts";
import type { ReplicaPolicies } from "../policies.ts";

export interface Surroundings {
  readonly host: Host;
  readonly persist: PersistClient;
  readonly place: Place;
  readonly dataflowPolicies: DataflowPolicies;
  readonly replicaPolicies: ReplicaPolicies;
  /** Tells process 0. Ignored once the thing was dropped. */
  readonly report: (report: Report) => void;
  /** The share of this number has news to work on. */
  readonly touch: (number: number) => void;
}

/** This process's part of a dataflow. */
export interface RunningDataflow {
  /** Null until it has begun. */
  readonly share: Share | null;
  /** What came of a step of its share. Returns whether it is done and may be forgotten. */
  stepped(step: ShareStep): boolean;
  stop(): void;
}
