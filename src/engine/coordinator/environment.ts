/** The parts of an environment that serves, as its statements use them. */
import type { EnginePorts } from "../../ports/engine-ports.ts";
import type { Catalog } from "../catalog/catalog.ts";
import type { CatalogChange } from "../catalog/entry.ts";
import type { Lane } from "../catalog/lane.ts";
import type { Time } from "../collection.ts";
import type { PersistClient } from "../persist/persist.ts";
import type { ClusterSet } from "./replicas/cluster-set.ts";
import type { StatusLog } from "./health/status-log.ts";
import type { Schema } from "./objects/schema.ts";
import type { Sinces } from "./objects/sinces.ts";
import type { ReplicaBook } from "./replicas/replica-book.ts";
import type { Services } from "./replicas/services.ts";
import type { RunningReads } from "./sessions/running-reads.ts";
import type { AnswerKind, CoordinatorPolicies } from "./policies.ts";
import type { Deadlines } from "./time/deadlines.ts";
import type { GroupCommit } from "./time/group-commit.ts";
import type { TimestampOracle } from "./time/oracle.ts";
import { reasonOf, type End } from "./fate.ts";

export interface Environment {
  readonly ports: EnginePorts;
  readonly policies: CoordinatorPolicies;
  readonly persist: PersistClient;
  readonly catalog: Catalog;
  readonly oracle: TimestampOracle;
  readonly schema: Schema;
  readonly sinces: Sinces;
  readonly statuses: StatusLog;
  readonly commits: GroupCommit;
  /** Whatever takes a time for a write. */
  readonly writes: Lane;
  readonly clusters: ClusterSet;
  readonly services: Services;
  readonly replicas: ReplicaBook;
  readonly deadlines: Deadlines;
  readonly reads: RunningReads;
  readonly end: End;
}

/** Resolves when this process led at some moment since the call; ends the process when it does not lead any more. */
export async function confirmLeadership(environment: Environment, kind: AnswerKind): Promise<void> {
  if (!environment.policies.confirmsLeadership(kind)) return;
  const refusal = await environment.catalog.confirm();
  if (refusal !== null) await environment.end(reasonOf(refusal));
}

/**
 * One catalog transaction at a fresh time, in the lane of writes: durable, applied and readable when it resolves with its
 * time. `changes` is asked again for every time that is tried.
 */
export async function commitChanges(
  { catalog, oracle, commits, end }: Environment,
  statement: string,
  ids: readonly string[],
  changes: (ts: Time) => readonly CatalogChange[],
): Promise<Time> {
  for (;;) {
    const ts = await oracle.allocate(catalog.upper);
    const outcome = await catalog.commit(changes(ts), ts, statement, ids);
    if (!outcome.ok && outcome.late) continue;
    if (!outcome.ok) return end(reasonOf(outcome.refusal));
    await oracle.apply(ts);
    // Tables are readable at the new time as soon as their upper is beyond it.
    commits.soon();
    return ts;
  }
}
