/**
 * The system catalog: names, ids and columns of the relations that the engine has about itself. Their rows are made from
 * its state when they are read; none of them is stored. Times are whole milliseconds since 1970.
 */
import type { Column, ColumnType } from "../collection.ts";
import type { ResolvedItem } from "./plan.ts";

export interface SystemRelation {
  /** `s1`, `s2` …: never given to another relation. */
  readonly id: string;
  readonly name: string;
  readonly columns: readonly Column[];
}

/**
 * One row per source or sink. `status`, with `error`, `class`, `code` and `hint`, is its own: `created`, `starting`,
 * `running`, `degraded` (it runs, but has not got through to its brokers for some seconds), `stalled` (it was ended and is
 * begun again by itself) or `failed` (it is not). `effective_status` also takes in where it runs and what it reads. It is
 * `paused` while its cluster has no replica, whatever its own status was last, unless that is `failed`. It is `failed`,
 * and `caused_by_id` says which object that comes from, while a definite error of an input is known to hold a sink up. The
 * sink's own status is then `stalled` with class `input`: it waits at the last time without an error and goes on once the
 * error is retracted, as a source that failed for good never does.
 */
const statusColumns = [
  "id text",
  "name text",
  "type text",
  "last_status_change_at int",
  "status text",
  "error text",
  "class text",
  "code text",
  "hint text",
  "effective_status text",
  "caused_by_id text",
] as const;

/** A row each time that status, error, class or code became others; what is merely repeated is in `mz_connector_errors`. */
const historyColumns = ["status text", "error text", "class text", "code text", "incarnation int"] as const;

/** All of them, by id. A new one gets the next number and goes to the end. */
export const systemRelations: readonly SystemRelation[] = [
  relation("s1", "mz_objects", ["id text", "name text", "type text"]),
  relation("s2", "mz_connections", ["id text", "name text"]),
  relation("s3", "mz_sources", ["id text", "name text", "type text"]),
  relation("s4", "mz_tables", ["id text", "name text"]),
  relation("s5", "mz_views", ["id text", "name text", "definition text"]),
  relation("s6", "mz_materialized_views", ["id text", "name text", "definition text"]),
  relation("s7", "mz_sinks", ["id text", "name text", "type text"]),
  relation("s8", "mz_source_statuses", statusColumns),
  relation("s9", "mz_sink_statuses", statusColumns),
  relation("s10", "mz_source_status_history", ["occurred_at int", "source_id text", ...historyColumns]),
  relation("s11", "mz_sink_status_history", ["occurred_at int", "sink_id text", ...historyColumns]),
  // One row per connector, namespace and code: the present episode (`resolved_at` is NULL) or the last one. Class `input`
  // has a `caused_by_id`. Occurrences are attempts that failed in a row; an environment that starts learns them anew.
  relation("s12", "mz_connector_errors", [
    "connector_id text",
    "connector_type text",
    "namespace text",
    "class text",
    "code text",
    "message text",
    "hint text",
    "first_seen int",
    "last_seen int",
    "occurrences int",
    "resolved_at int",
    "caused_by_id text",
  ]),
  relation("s13", "mz_frontiers", ["object_id text", "since int", "upper int"]),
  relation("s14", "mz_deployment", ["generation int", "epoch int", "state text"]),
  // `size` is `processes-workers`; it and the factor are NULL where replicas were made one by one.
  relation("s15", "mz_clusters", ["id text", "name text", "size text", "replication_factor int"]),
  relation("s16", "mz_cluster_replicas", ["id text", "name text", "cluster_id text", "cluster text", "size text"]),
  // One row per process: `online`, `starting` (it runs, its replica is not heard of) or `offline` (it is to be started).
  relation("s17", "mz_cluster_replica_statuses", [
    "replica_id text",
    "process_id int",
    "status text",
    "reason text",
    "updated_at int",
  ]),
  // A row when a process was first seen, ended (`offline`, for what reason), or ran again.
  relation("s18", "mz_cluster_replica_status_history", [
    "occurred_at int",
    "replica_id text",
    "process_id int",
    "status text",
    "reason text",
  ]),
  // Whether a replica, since it is connected to, has come as far with an object as its output is complete.
  relation("s19", "mz_hydration_statuses", ["object_id text", "replica_id text", "hydrated bool"]),
  relation("s20", "mz_cluster_replica_frontiers", ["object_id text", "replica_id text", "write_frontier int"]),
];

/** The relation of that name as planning sees it. */
export function systemItem(name: string): ResolvedItem | undefined {
  const found = systemRelations.find((candidate) => candidate.name === name);
  return found === undefined ? undefined : { ...found, kind: "system" };
}

/** Whether the id is that of a system relation. */
export function isSystemId(id: string): boolean {
  return systemRelations.some((candidate) => candidate.id === id);
}

function relation(id: string, name: string, columns: readonly `${string} ${ColumnType}`[]): SystemRelation {
  return {
    id,
    name,
    columns: columns.map((column) => {
      const [columnName, type] = column.split(" ");
      return { name: columnName!, type: type as ColumnType };
    }),
  };
}
