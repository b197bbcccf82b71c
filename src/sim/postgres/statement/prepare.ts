/** From a parsed statement to a plan: which table it is about, which names it may use, and what it is made of. */
import type { SqlNode } from "../../../base/pg-parser.ts";
import type { Database } from "../storage/database.ts";
import type { Table } from "../storage/table.ts";
import type { Transaction } from "../storage/transaction.ts";
import { SqlFailure, unsupported } from "../sql-failure.ts";
import { kindOf } from "../expression/expression.ts";
import { compileInsert } from "./insert.ts";
import type { Plan, PreparedPlan } from "./plan.ts";
import { Parameters, Scope, type Relation } from "../expression/scope.ts";
import { compileSelect, type Source } from "./select.ts";
import { compileCreate, compileDrop, simpleRelation, type RelationNode } from "./table-definition.ts";
import { compileUpdate } from "./update.ts";

/** The tables that a statement may mean, as its transaction sees them. */
interface Context {
  readonly database: Database;
  readonly transaction: Transaction;
  readonly parameters: Parameters;
}

/** Compiles a statement, `isBare` without parameters. Fails as the real server's analysis does, or with 0A000 naming what is not simulated. */
export function prepare(node: SqlNode, database: Database, transaction: Transaction, isBare: boolean): PreparedPlan {
  const parameters = new Parameters(isBare);
  const plan = compile(node, { database, transaction, parameters });
  parameters.close();
  return { ...plan, parameters, tableName: plan.table?.shape.name ?? null };
}

function compile(node: SqlNode, context: Context): Plan {
  if ("SelectStmt" in node) return select(node.SelectStmt, context);
  if ("CreateStmt" in node) return compileCreate(node.CreateStmt);
  if ("DropStmt" in node) return compileDrop(node.DropStmt);
  return modification(node, context);
}

function modification(node: SqlNode, context: Context): Plan {
  if ("InsertStmt" in node) {
    const { table, scope } = target(node.InsertStmt.relation, context);
    return compileInsert(node.InsertStmt, table, scope);
  }
  const isDelete = "DeleteStmt" in node;
  const statement = isDelete ? node.DeleteStmt : "UpdateStmt" in node ? node.UpdateStmt : undefined;
  if (statement === undefined) throw unsupported(kindOf(node));
  if (statement.withClause !== undefined) throw unsupported("WITH before UPDATE or DELETE");
  const { table, scope } = target(statement.relation, context);
  return compileUpdate(statement, table, scope, isDelete);
}

function target(node: RelationNode | undefined, context: Context): { readonly table: Table; readonly scope: Scope } {
  const { name, alias } = simpleRelation(node);
  const table = tableNamed(name, context);
  const relation: Relation = { name: alias, columns: table.shape.columns, place: "row" };
  return { table, scope: new Scope([relation], context.parameters) };
}

function tableNamed(name: string, { database, transaction }: Context): Table {
  const table = database.find(transaction, name);
  if (table === undefined) throw new SqlFailure("42P01", `table "${name}" does not exist`);
  return table;
}

type SelectNode = Extract<SqlNode, { SelectStmt: unknown }>["SelectStmt"];

function select(node: SelectNode, context: Context): Plan {
  const { fromClause = [], withClause } = node;
  if (fromClause.length > 1) throw unsupported("a join");
  const common = withClause === undefined ? null : commonTable(withClause, context);
  const [from] = fromClause;
  if (from === undefined) {
    if (common !== null) throw unsupported("a WITH clause that is not selected from");
    return compileSelect(node, null, new Scope([], context.parameters));
  }
  if (!("RangeVar" in from)) throw unsupported(kindOf(from));
  const { name, alias } = simpleRelation(from.RangeVar);
  if (common !== null && name !== common.name) throw unsupported("a WITH clause that is not selected from");
  const source: Source = common === null ? tableNamed(name, context) : common.plan;
  const columns =
    common === null
      ? (source as Table).shape.columns
      : common.plan.columns.map((column) => ({ ...column, isRequired: false }));
  return compileSelect(node, source, new Scope([{ name: alias, columns, place: "row" }], context.parameters));
}

type WithNode = NonNullable<SelectNode["withClause"]>;

/** The one modification that a WITH clause holds. */
function commonTable({ ctes = [], recursive }: WithNode, context: Context): { name: string; plan: Plan } {
  const [node] = ctes;
  if (ctes.length !== 1 || recursive === true || !("CommonTableExpr" in node!)) {
    throw unsupported("a WITH clause of several queries");
  }
  const { ctename = "", ctequery, aliascolnames } = node.CommonTableExpr;
  if (aliascolnames !== undefined) throw unsupported("names for columns in a WITH clause");
  const plan = modification(ctequery!, context);
  if (plan.columns.length === 0) throw unsupported("a WITH clause without RETURNING");
  return { name: ctename, plan };
}
