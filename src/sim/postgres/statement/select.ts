/** SELECT over one table, over the rows that a WITH clause returned, or over nothing. */
import type { SqlNode } from "../../../base/pg-parser.ts";
import { lockRow, type Steps, type WaitPolicy } from "../storage/locking.ts";
import type { Table, Values } from "../storage/table.ts";
import { SqlFailure, unsupported } from "../sql-failure.ts";
import { castTo, settled } from "../expression/cast.ts";
import { compileCondition, compileExpression } from "../expression/compile.ts";
import { kindOf, nameIn, type Expression } from "../expression/expression.ts";
import type { Execution, Outcome, Plan } from "./plan.ts";
import { holdsFor, scanOf, type Found } from "./scan.ts";
import type { Env, Scope } from "../expression/scope.ts";
import { compileTargets, type TargetList } from "./target-list.ts";
import { compareValues, type SqlType } from "../expression/value.ts";

type SelectNode = Extract<SqlNode, { SelectStmt: unknown }>["SelectStmt"];

/** What a SELECT reads: a table, the outcome of another plan, or one row without columns. */
export type Source = Table | Plan | null;

interface SortKey {
  readonly expression: Expression;
  readonly isDescending: boolean;
  readonly isNullFirst: boolean;
}

/** Compiles a SELECT whose source was resolved already. */
export function compileSelect(node: SelectNode, source: Source, scope: Scope): Plan {
  refuseRest(node);
  const targets = compileTargets(node.targetList ?? [], scope);
  const where = node.whereClause === undefined ? null : compileCondition(node.whereClause, scope);
  const sort = (node.sortClause ?? []).map((each) => compileSort(each, targets, scope));
  const [offset, limit] = [bound(node.limitOffset, "2201X", scope), bound(node.limitCount, "2201W", scope)];
  const lock = lockPolicy(node.lockingClause);
  const table = source !== null && "shape" in source ? source : (source?.table ?? null);
  const isTable = source !== null && "shape" in source;
  if (lock !== null && !isTable) throw unsupported("FOR UPDATE without a table");
  const scan = isTable ? scanOf(source, where) : null;
  function* run(execution: Execution): Steps<Outcome> {
    const { env } = execution;
    const [from, most] = [offset(env) ?? 0, limit(env)];
    const found = scan === null ? yield* computed(source as Plan | null, where, execution) : scan(execution);
    if (sort.length > 0) sortRows(found, sort, env);
    const end = most === null ? found.length : from + most;
    const chosen = lock === null ? found.slice(from, end) : yield* lockRows(found, where, lock, from, end, execution);
    const rows = chosen.map(({ values }) => {
      env.row = values;
      return targets.project(env);
    });
    return { rows, count: rows.length };
  }
  const isWrite = lock !== null || (source !== null && !isTable && source.isWrite);
  return { table, isWrite, columns: targets.columns, run };
}

/** Rows that are not a table's have no lock. */
type Line = Pick<Found, "values"> & Partial<Found>;

function* computed(source: Plan | null, where: Expression | null, execution: Execution): Steps<Line[]> {
  const rows: readonly Values[] = source === null ? [[]] : (yield* source.run(execution)).rows;
  return rows.filter((values) => holdsFor(where, values, execution.env)).map((values) => ({ values }));
}

/** Locks rows in their order, for as many as are wanted; what no longer fits after a wait is passed over. */
function* lockRows(
  found: readonly Line[],
  where: Expression | null,
  policy: WaitPolicy,
  from: number,
  end: number,
  { transaction, env }: Execution,
): Steps<Line[]> {
  const locked: Line[] = [];
  for (const { row, values } of found) {
    if (locked.length >= end) break;
    const newest = yield* lockRow(transaction, row!, policy);
    if (newest === null || (newest !== values && !holdsFor(where, newest, env))) continue;
    locked.push({ values: newest });
  }
  return locked.slice(from);
}

function sortRows(rows: Line[], keys: readonly SortKey[], env: Env): void {
  rows.sort((a, b) => {
    for (const { expression, isDescending, isNullFirst } of keys) {
      env.row = a.values;
      const left = expression.evaluate(env);
      env.row = b.values;
      const right = expression.evaluate(env);
      if (left === null || right === null) {
        if (left !== right) return (left === null) === isNullFirst ? -1 : 1;
        continue;
      }
      const order = compareValues(expression.type as SqlType, left, right);
      if (order !== 0) return isDescending ? -order : order;
    }
    return 0;
  });
}

function compileSort(node: SqlNode, targets: TargetList, scope: Scope): SortKey {
  if (!("SortBy" in node)) throw unsupported(kindOf(node));
  const { node: key, sortby_dir: direction, sortby_nulls: nulls } = node.SortBy;
  if (direction === "SORTBY_USING") throw unsupported("ORDER BY … USING");
  const isDescending = direction === "SORTBY_DESC";
  const isNullFirst = nulls === "SORTBY_NULLS_FIRST" || (nulls !== "SORTBY_NULLS_LAST" && isDescending);
  return { expression: sortExpression(key!, targets, scope), isDescending, isNullFirst };
}

/** A place in the list, the name of something in it, or an expression of its own. */
function sortExpression(node: SqlNode, targets: TargetList, scope: Scope): Expression {
  if ("A_Const" in node) {
    const place = node.A_Const.ival?.ival;
    if (place === undefined) throw new SqlFailure("42601", "ORDER BY a constant that is no place in the list");
    const target = targets.expressions[place - 1];
    if (target === undefined) throw new SqlFailure("42P10", `nothing is at place ${place} of the list`);
    return target;
  }
  if ("ColumnRef" in node && node.ColumnRef.fields?.length === 1) {
    const name = nameIn(node.ColumnRef.fields[0]!);
    const index = targets.columns.findIndex((column) => column.name === name);
    if (index >= 0) return targets.expressions[index]!;
  }
  return settled(compileExpression(node, scope), "text");
}

function bound(node: SqlNode | undefined, code: string, scope: Scope): (env: Env) => number | null {
  if (node === undefined) return () => null;
  const expression = castTo(compileExpression(node, scope), "int8", "assignment");
  if (!expression.isConstant) throw new SqlFailure("42P10", "LIMIT and OFFSET refer to no column");
  return (env) => {
    const value = expression.evaluate(env) as number | null;
    if (value !== null && value < 0) throw new SqlFailure(code, "LIMIT and OFFSET are not negative");
    return value;
  };
}

function lockPolicy(clauses: readonly SqlNode[] | undefined): WaitPolicy | null {
  if (clauses === undefined) return null;
  const [clause] = clauses;
  if (clauses.length > 1 || !("LockingClause" in clause!)) throw unsupported("several locking clauses");
  const { strength, waitPolicy, lockedRels } = clause.LockingClause;
  if (strength !== "LCS_FORUPDATE") throw unsupported("a lock weaker than FOR UPDATE");
  if (lockedRels !== undefined) throw unsupported("FOR UPDATE OF");
  return waitPolicy === "LockWaitSkip" ? "skip" : waitPolicy === "LockWaitError" ? "fail" : "wait";
}

function refuseRest(node: SelectNode): void {
  if (node.op !== undefined && node.op !== "SETOP_NONE") throw unsupported("UNION, INTERSECT and EXCEPT");
  if (node.distinctClause !== undefined) throw unsupported("DISTINCT");
  if (node.groupClause !== undefined) throw unsupported("GROUP BY");
  if (node.havingClause !== undefined) throw unsupported("HAVING");
  if (node.windowClause !== undefined) throw unsupported("WINDOW");
  if (node.intoClause !== undefined) throw unsupported("SELECT INTO");
  if (node.valuesLists !== undefined) throw unsupported("VALUES as a statement");
  if (node.limitOption === "LIMIT_OPTION_WITH_TIES") throw unsupported("WITH TIES");
}
