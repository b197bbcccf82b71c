/**
 * UPDATE and DELETE. Rows are found first and then locked one by one; one that changed between is looked at again as it is
 * now (READ COMMITTED) or is a failure (stricter levels).
 */
import type { Json } from "../../../base/json.ts";
import type { SqlNode } from "../../../base/pg-parser.ts";
import { conflicting, lockRow, write, type Steps } from "../storage/locking.ts";
import type { Row, Table, Values } from "../storage/table.ts";
import { SqlFailure, unsupported } from "../sql-failure.ts";
import { castTo } from "../expression/cast.ts";
import { compileCondition, compileExpression } from "../expression/compile.ts";
import { kindOf, type Expression } from "../expression/expression.ts";
import type { Execution, Outcome, Plan } from "./plan.ts";
import { holdsFor, scanOf } from "./scan.ts";
import type { Env, Scope } from "../expression/scope.ts";
import { compileTargets, type TargetList } from "./target-list.ts";

/** A change of one column. */
export interface Assignment {
  readonly place: number;
  readonly value: Expression;
}

interface UpdateNode {
  readonly targetList?: SqlNode[];
  readonly whereClause?: SqlNode;
  readonly returningList?: SqlNode[];
  readonly fromClause?: SqlNode[];
  readonly usingClause?: SqlNode[];
}

/** Compiles an UPDATE (with assignments) or a DELETE (without). */
export function compileUpdate(node: UpdateNode, table: Table, scope: Scope, isDelete: boolean): Plan {
  if (node.fromClause !== undefined) throw unsupported("UPDATE … FROM");
  if (node.usingClause !== undefined) throw unsupported("DELETE … USING");
  // In the real server's order, which decides what fails first and what types parameters have.
  const where = node.whereClause === undefined ? null : compileCondition(node.whereClause, scope);
  const returning = compileTargets(node.returningList ?? [], scope);
  const assignments = isDelete ? null : compileAssignments(node.targetList ?? [], table, scope);
  const scan = scanOf(table, where);
  function* run(execution: Execution): Steps<Outcome> {
    const { transaction, env } = execution;
    const rows: Values[] = [];
    let count = 0;
    for (const { row, values } of scan(execution)) {
      const newest = yield* lockRow(transaction, row);
      if (newest === null || (newest !== values && !holdsFor(where, newest, env))) continue;
      env.row = newest;
      if (assignments === null) write(transaction, row, null);
      else env.row = yield* change(execution, row, newest, assignments);
      count++;
      if (returning.columns.length > 0) rows.push(returning.project(env));
    }
    return { rows, count };
  }
  return { table, isWrite: true, columns: returning.columns, run };
}

/** Compiles the list of SET. */
export function compileAssignments(nodes: readonly SqlNode[], table: Table, scope: Scope): Assignment[] {
  const targets = nodes.map((node) => {
    if (!("ResTarget" in node)) throw unsupported(kindOf(node));
    const { name = "", val, indirection } = node.ResTarget;
    if (indirection !== undefined) throw unsupported("an assignment to part of a column");
    return { name, value: compileValue(val!, scope) };
  });
  const assignments = targets.map(({ name, value }) => assignment(table, placeOf(table, name), value, scope));
  const places = new Set(assignments.map(({ place }) => place));
  if (places.size < assignments.length) throw new SqlFailure("42601", "a column is assigned twice");
  return assignments;
}

/** What may be put into a column: an expression, or null for DEFAULT. */
export function compileValue(node: SqlNode, scope: Scope): Expression | null {
  return "SetToDefault" in node ? null : compileExpression(node, scope);
}

/** A value on its way into a column, in that column's type. */
export function assignment(table: Table, place: number, value: Expression | null, scope: Scope): Assignment {
  const { type } = table.shape.columns[place]!;
  const absent: Expression = { type, name: "", isConstant: true, evaluate: () => null };
  if (value === null) return { place, value: absent };
  const cast = castTo(value, type, "assignment");
  if (cast.isConstant && value.type !== type) scope.parameters.planned.push(cast);
  return { place, value: cast };
}

/** Place of the table's column of that name; 42703 when there is none. */
export function placeOf({ shape }: Table, name: string): number {
  const place = shape.columns.findIndex((column) => column.name === name);
  if (place < 0) throw new SqlFailure("42703", `column "${name}" of table "${shape.name}" does not exist`);
  return place;
}

/** Changes a row that is locked; its key may change too. Returns the new values. */
export function* change(
  { transaction, env }: Execution,
  row: Row,
  values: Values,
  assignments: readonly Assignment[],
): Steps<Values> {
  const { table } = row;
  const changed: Json[] = [...values];
  env.row = values;
  for (const { place, value } of assignments) changed[place] = value.evaluate(env);
  checkPresence(table, changed);
  const key = table.keyOf(changed);
  if (key !== undefined && key !== table.keyOf(values)) {
    const other = yield* conflicting(transaction, table, key, row);
    if (other !== null) throw new SqlFailure("23505", `a row of "${table.shape.name}" has that key already`);
  }
  write(transaction, row, changed);
  return changed;
}

/** Fails with 23502 when a column that must have a value has none. */
export function checkPresence({ shape }: Table, values: Values): void {
  for (let place = 0; place < values.length; place++) {
    const { name, isRequired } = shape.columns[place]!;
    if (isRequired && values[place] === null) throw new SqlFailure("23502", `column "${name}" is null`);
  }
}

/** One row of RETURNING, or none without it. */
export function returned(returning: TargetList, env: Env): Values[] {
  return returning.columns.length === 0 ? [] : [returning.project(env)];
}
