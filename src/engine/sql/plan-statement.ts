/**
 * Planning: a statement's syntax against the catalog. Names are resolved with the nearest match in errors, types are
 * checked, views are expanded. Pure: no network, nothing is changed, the same catalog gives the same plan.
 */
import type { Column, Row } from "../collection.ts";
import type { ClusterLookup } from "./cluster-plan.ts";
import type { CatalogLookup, ResolvedItem, SelectPlan, StatementPlan } from "./plan.ts";
import { ClusterScope, defaultCluster, oneCluster } from "./planning/cluster-scope.ts";
import { planClusterStatement } from "./planning/clusters.ts";
import { planSet, planShowVariable } from "./planning/variables.ts";
import { planCreate } from "./planning/create.ts";
import { find, itemNamed } from "./planning/catalog-names.ts";
import { planShow, planShowCreate } from "./planning/listing.ts";
import { failurePlaces } from "./planning/failure-places.ts";
import { planQuery, planValues, type PlannedValue } from "./planning/query.ts";
import { readsOf } from "./plan-reads.ts";
import { namesHint, SqlError, sqlStates, unsupported } from "./sql-error.ts";
import { kindName } from "./syntax/object-grammar.ts";
import { isSystemId } from "./system-relations.ts";
import type { Drop, Insert, Query, Select, Statement } from "./syntax/statement.ts";

export interface PlanOptions {
  /** The statement is one that the catalog stored: it may hold what purification froze. Default false. */
  readonly isStored?: boolean;
  /** Clusters that there are; the one that every catalog begins with unless given. */
  readonly clusters?: ClusterLookup;
  /** The session's cluster; that one unless given. A stored statement that names none means that one. */
  readonly cluster?: string;
}

/** Plans a statement. Throws `SqlError`, and nothing has happened then; DROP leaves dependents to the catalog. */
export function planStatement(
  statement: Statement,
  catalog: CatalogLookup,
  { isStored = false, clusters = oneCluster, cluster = defaultCluster }: PlanOptions = {},
): StatementPlan {
  const scope = new ClusterScope(clusters, cluster);
  switch (statement.kind) {
    case "select":
      return planSelectStatement(statement, catalog);
    case "insert":
      return planInsert(statement, catalog);
    case "drop":
      return planDrop(statement, catalog);
    case "show":
      return planShow(statement);
    case "show-create":
      return planShowCreate(statement, catalog);
    case "create-cluster":
    case "alter-cluster":
    case "drop-cluster":
    case "create-replica":
    case "drop-replica":
    case "rename-cluster":
    case "rename-replica":
      return planClusterStatement(statement, clusters);
    case "set":
      return planSet(statement, clusters);
    case "show-variable":
      return planShowVariable(statement, cluster);
    default:
      return planCreate(statement, catalog, isStored, scope);
  }
}

function planSelectStatement({ query, asOf }: Select, catalog: CatalogLookup): SelectPlan {
  const { plan, columns, orderBy, items } = planQuery(query, catalog);
  checkSystemReads(query, asOf, items);
  const failures = failurePlaces(query, items);
  const places = asOf === undefined ? { failures } : { asOf: asOf.position, failures };
  return { kind: "select", plan, columns, orderBy, limit: query.limit, asOf: asOf?.time, places };
}

/** The system's own state is of now and of here, data is of a time and at a replica: no query is over both. */
function checkSystemReads({ body }: Query, asOf: Select["asOf"], items: readonly ResolvedItem[]): void {
  const isOfSystem = items.map(({ id, plan }) => (plan === undefined ? [id] : readsOf(plan)).map(isSystemId));
  const all = isOfSystem.flat();
  if (!all.includes(true)) return;
  const odd = isOfSystem.findIndex((reads) => reads.includes(!all[0]!));
  if (odd >= 0) {
    const position = body.kind === "select" ? body.from?.tables[odd]?.name.position : undefined;
    const construct = "reading system relations and others in one query";
    throw unsupported(construct, position, "Read them one after the other.");
  }
  if (asOf !== undefined) throw unsupported("AS OF on system relations", asOf.position, "They are as they are now.");
}

function planDrop({ what, name, ifExists, isCascade }: Drop, catalog: CatalogLookup): StatementPlan {
  if (ifExists && find(catalog, name.text) === undefined)
    return { kind: "nothing", notice: `${kindName(what)} "${name.text}" does not exist, skipping` };
  return { kind: "drop", ids: [itemNamed(catalog, what, name).id], what, isCascade };
}

function planInsert({ table, columns, rows }: Insert, catalog: CatalogLookup): StatementPlan {
  const item = itemNamed(catalog, "table", table);
  const targets = columns.length === 0 ? item.columns.map((_, index) => index) : columns.map(targetIn(item.columns));
  const width = rows[0]!.length;
  if (width > targets.length)
    throw new SqlError(sqlStates.syntax, "INSERT has more expressions than columns", {
      position: rows[0]![targets.length]!.position,
    });
  if (columns.length > width)
    throw new SqlError(sqlStates.syntax, "INSERT has more columns than expressions", {
      position: columns[width]!.position,
    });
  const values = planValues(rows, (value, at) => checkType(value, item.columns[targets[at]!]!));
  return { kind: "insert", table: item.id, rows: values.rows.map((row) => placed(row, targets, item.columns)) };
}

function targetIn(
  columns: readonly Column[],
): (name: Insert["columns"][number], at: number, all: Insert["columns"]) => number {
  return ({ text, position }, at, all) => {
    const index = columns.findIndex(({ name }) => name === text);
    if (index < 0) {
      const names = columns.map(({ name }) => name);
      throw new SqlError(sqlStates.noSuchColumn, `column "${text}" does not exist`, {
        hint: namesHint(text, names, "Columns"),
        position,
      });
    }
    if (all.findIndex((other) => other.text === text) === at) return index;
    throw new SqlError(sqlStates.duplicateColumn, `column "${text}" stands there twice`, { position });
  };
}

function checkType({ type, position }: PlannedValue, { name, type: wanted }: Column): void {
  if (type === undefined || type === wanted) return;
  throw new SqlError(sqlStates.wrongType, `column "${name}" is of type ${wanted}, the expression of type ${type}`, {
    hint: type === "text" ? `A value of type ${wanted} stands without quotes.` : undefined,
    position,
  });
}

/** A whole row: columns without a value are NULL. */
function placed(row: Row, targets: readonly number[], columns: readonly Column[]): Row {
  return columns.map((_, index) => row[targets.indexOf(index)] ?? null);
}
