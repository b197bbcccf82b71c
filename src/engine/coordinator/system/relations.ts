/** The rows of the system catalog: pure functions of the environment's state, by name of the relation. */
import type { Token } from "../../catalog/token.ts";
import type { Row } from "../../collection.ts";
import type { ItemKind } from "../../sql/plan.ts";
import type { ConnectorType, StatusFold } from "../health/status-row.ts";
import type { Item } from "../objects/item.ts";
import type { Schema } from "../objects/schema.ts";
import type { Sinces } from "../objects/sinces.ts";
import type { Cluster } from "../../catalog/clusters.ts";
import type { ReplicaBook } from "../replicas/replica-book.ts";
import type { ReplicaStatusRow } from "../replicas/replica-log.ts";
import { replicaRelations } from "./replica-relations.ts";
import { causeOf } from "../health/cause.ts";
import { openInputError } from "../health/status-row.ts";
import { systemRelations } from "../../sql/system-relations.ts";

export interface SystemState {
  readonly schema: Schema;
  readonly statuses: StatusFold;
  readonly sinces: Sinces;
  readonly token: Token;
  readonly clusters: readonly Cluster[];
  readonly replicas: ReplicaBook;
  /** Durable history of replicas' processes. */
  readonly replicaHistory: readonly ReplicaStatusRow[];
}

const connectorType = "kafka";

/** Rows of each relation, in the order of its columns. */
export const relationRows: { readonly [name: string]: (state: SystemState) => readonly Row[] } = {
  mz_objects: ({ schema }) => schema.all().map(({ id, name, kind }) => [id, name, kind]),
  mz_connections: ({ schema }) => named(schema, "connection"),
  mz_sources: ({ schema }) => ofKind(schema, "source").map(({ id, name }) => [id, name, connectorType]),
  mz_tables: ({ schema }) => named(schema, "table"),
  mz_views: ({ schema }) => ofKind(schema, "view").map(({ id, name, sql }) => [id, name, sql]),
  mz_materialized_views: ({ schema }) =>
    ofKind(schema, "materialized-view").map(({ id, name, sql }) => [id, name, sql]),
  mz_sinks: ({ schema }) => ofKind(schema, "sink").map(({ id, name }) => [id, name, connectorType]),
  mz_source_statuses: (state) => statuses(state, "source"),
  mz_sink_statuses: (state) => statuses(state, "sink"),
  mz_source_status_history: (state) => history(state, "source"),
  mz_sink_status_history: (state) => history(state, "sink"),
  mz_connector_errors: ({ schema, statuses }) =>
    [...statuses.errors.values()].map(({ row, firstSeen, lastSeen, occurrences, resolvedAt }) => [
      row.id,
      row.type,
      row.namespace,
      row.class,
      row.code,
      row.error,
      row.hint,
      firstSeen,
      lastSeen,
      occurrences,
      resolvedAt,
      row.class === "input" ? causeOf(row.id, row.code, schema, statuses) : null,
    ]),
  mz_frontiers: ({ schema, sinces }) =>
    schema.all().flatMap(({ id, shard }) => {
      const bounds = shard === null ? undefined : sinces.boundsOf(shard.shard);
      return bounds === undefined ? [] : [[id, bounds.since, bounds.upper]];
    }),
  ...replicaRelations,
  mz_deployment: ({ token: { generation, epoch } }) => [[generation, epoch, "IsLeader"]],
};

/** Contents of the system relations with these ids. */
export function systemContents(
  ids: readonly string[],
  state: SystemState,
): ReadonlyMap<string, readonly (readonly [row: Row, count: number])[]> {
  return new Map(
    systemRelations
      .filter(({ id }) => ids.includes(id))
      .map(({ id, name }) => [id, (relationRows[name]?.(state) ?? []).map((row) => [row, 1] as const)]),
  );
}

function ofKind(schema: Schema, kind: ItemKind): readonly Item[] {
  return schema.all().filter((item) => item.kind === kind);
}

function named(schema: Schema, kind: ItemKind): readonly Row[] {
  return ofKind(schema, kind).map(({ id, name }) => [id, name]);
}

/** One row per object of the catalog: its last status, `created` before any, and what its inputs and cluster make of it. */
function statuses({ schema, statuses: fold, clusters }: SystemState, type: ConnectorType): readonly Row[] {
  return ofKind(schema, type).map(({ id, name, cluster }) => {
    const row = fold.latest.get(id);
    const status = row?.status ?? "created";
    const held = openInputError(fold, id);
    const effective = held === undefined ? [status, null] : ["failed", causeOf(id, held.code, schema, fold)];
    const isPaused = status !== "failed" && clusters.some((each) => each.id === cluster && each.replicas.length === 0);
    return [
      id,
      name,
      connectorType,
      row?.at ?? null,
      status,
      row?.error ?? null,
      row?.class ?? null,
      row?.code ?? null,
      row?.hint ?? null,
      ...(isPaused ? ["paused", null] : effective),
    ];
  });
}

function history({ statuses: { history: rows } }: SystemState, type: ConnectorType): readonly Row[] {
  return rows
    .filter((row) => row.type === type)
    .map((row) => [row.at, row.id, row.status, row.error, row.class, row.code, row.incarnation]);
}
