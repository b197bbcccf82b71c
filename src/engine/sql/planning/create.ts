/** Statements that create: names resolved, columns known, and the text that is stored. */
import type { Column } from "../../collection.ts";
import type { CatalogLookup, CreatePlan, SinkPlan, SourcePlan, ViewPlan } from "../plan.ts";
import type {
  ColumnDefinition,
  CreateSink,
  CreateSource,
  CreateStatement,
  CreateView,
  Name,
} from "../syntax/statement.ts";
import { namesHint, SqlError, sqlStates, unsupported } from "../sql-error.ts";
import { canonicalText } from "../syntax/canonical-text.ts";
import { kindName } from "../syntax/object-grammar.ts";
import { isSystemId } from "../system-relations.ts";
import type { ClusterScope } from "./cluster-scope.ts";
import { checkFree, dependencies, itemNamed, relationNamed } from "./catalog-names.ts";
import { planQuery } from "./query.ts";
import { readsOf } from "../plan-reads.ts";

/** Plans a statement that creates something. `isStored`: it comes from the catalog and may have what purification froze. */
export function planCreate(
  created: CreateStatement,
  catalog: CatalogLookup,
  isStored: boolean,
  clusters: ClusterScope,
): CreatePlan {
  const statement = clusters.placed(created);
  const kind = createdKinds[statement.kind];
  checkFree(catalog, kind, statement.name);
  const named = { name: statement.name.text, sql: canonicalText(statement) };
  switch (statement.kind) {
    case "create-connection":
      return { kind: statement.kind, ...named, dependsOn: [], brokers: statement.brokers };
    case "create-table":
      return { kind: statement.kind, ...named, dependsOn: [], columns: checkedColumns(statement.columns) };
    case "create-source":
      return { ...named, ...planSource(statement, catalog, isStored), cluster: clusters.idFor(created) };
    case "create-sink":
      return { ...named, ...planSink(statement, catalog), cluster: clusters.idFor(created) };
    case "create-view":
      return { ...named, ...planView(statement, catalog), cluster: null };
    case "create-materialized-view":
      return { ...named, ...planView(statement, catalog), cluster: clusters.idFor(created) };
  }
}

const createdKinds = {
  "create-connection": "connection",
  "create-source": "source",
  "create-table": "table",
  "create-view": "view",
  "create-materialized-view": "materialized-view",
  "create-sink": "sink",
} as const;

type Unnamed<P> = Omit<P, "name" | "sql" | "cluster">;

function planSource(statement: CreateSource, catalog: CatalogLookup, isStored: boolean): Unnamed<SourcePlan> {
  const { topic, topicId, envelope } = statement;
  if (topicId !== undefined && !isStored)
    throw new SqlError(sqlStates.syntax, "TOPIC ID is not for users to set", { position: topicId.position });
  const [first] = statement.columns;
  // The rows alone must tell which key each of them belongs to: state is made from them again after a restart.
  if (envelope === "upsert" && (first?.name !== "key" || first.type !== "text"))
    throw new SqlError(sqlStates.badColumnReference, "ENVELOPE UPSERT needs the record's key as its first column", {
      hint: "Begin the columns with: key text.",
      position: first?.position,
    });
  const connection = itemNamed(catalog, "connection", statement.connection);
  return {
    kind: "create-source",
    dependsOn: dependencies([connection]),
    connection: connection.id,
    brokers: connection.brokers ?? [],
    topic: topic.text,
    topicId: topicId?.id,
    columns: checkedColumns(statement.columns),
    envelope,
  };
}

function planSink(statement: CreateSink, catalog: CatalogLookup): Unnamed<SinkPlan> {
  const { topic, partitions, envelope } = statement;
  const from = relationNamed(catalog, statement.from);
  if (from.kind === "view" || from.kind === "system")
    throw new SqlError(sqlStates.wrongKind, `a sink cannot be made from a ${kindName(from.kind)}`, {
      hint: "Make a materialized view of it first.",
      position: statement.from.position,
    });
  const connection = itemNamed(catalog, "connection", statement.connection);
  return {
    kind: "create-sink",
    dependsOn: dependencies([connection, from]),
    connection: connection.id,
    brokers: connection.brokers ?? [],
    topic: topic.text,
    from: from.id,
    columns: from.columns,
    key: keyColumns(statement.key, from.columns),
    envelope,
    partitions,
  };
}

function keyColumns(key: readonly Name[], columns: readonly Column[]): readonly number[] {
  const taken: string[] = [];
  return key.map(({ text, position }) => {
    if (taken.includes(text)) throw duplicateColumn(text, position);
    taken.push(text);
    const index = columns.findIndex(({ name }) => name === text);
    if (index >= 0) return index;
    const names = columns.map(({ name }) => name);
    const hint = namesHint(text, names, "Columns");
    throw new SqlError(sqlStates.noSuchColumn, `key column "${text}" does not exist`, { hint, position });
  });
}

function planView(statement: CreateView, catalog: CatalogLookup): Unnamed<ViewPlan> {
  const { kind, aliases, query } = statement;
  const { plan, columns, positions, items } = planQuery(query, catalog);
  const { position } = statement.name;
  if (aliases.length > columns.length)
    throw new SqlError(sqlStates.syntax, "the view has more names than its query has columns", {
      detail: `It has ${aliases.length} names, the query ${columns.length} columns.`,
      position,
    });
  if (kind === "create-materialized-view" && readsOf(plan).some(isSystemId)) {
    const at = items.findIndex((item) => (item.plan === undefined ? [item.id] : readsOf(item.plan)).some(isSystemId));
    const place = query.body.kind === "select" ? query.body.from?.tables[at]?.name.position : undefined;
    throw unsupported("a materialized view over system relations", place ?? position, "Make a view.");
  }
  const named = columns.map((column, index) => ({
    ...column,
    name: aliases[index] ?? column.name,
    position: aliases[index] === undefined ? positions[index]! : position,
  }));
  return { kind, dependsOn: dependencies(items), plan, columns: checkedColumns(named) };
}

/** Columns as plans have them; 42701 when two have one name. */
function checkedColumns(definitions: readonly ColumnDefinition[]): readonly Column[] {
  const taken: string[] = [];
  return definitions.map(({ name, type, position }) => {
    if (taken.includes(name)) throw duplicateColumn(name, position);
    taken.push(name);
    return { name, type };
  });
}

function duplicateColumn(name: string, position: number): SqlError {
  return new SqlError(sqlStates.duplicateColumn, `column "${name}" stands there twice`, {
    hint: "Give one of them another name.",
    position,
  });
}
