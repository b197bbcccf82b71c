/** INSERT … VALUES, with ON CONFLICT over the primary key. */
import type { Json } from "../../../base/json.ts";
import type { SqlNode } from "../../../base/pg-parser.ts";
import { checkUnchanged, conflicting, lockRow, write, type Steps } from "../storage/locking.ts";
import type { Row, Table, Values } from "../storage/table.ts";
import { SqlFailure, unsupported } from "../sql-failure.ts";
import { compileCondition } from "../expression/compile.ts";
import { kindOf, type Expression } from "../expression/expression.ts";
import type { Execution, Outcome, Plan } from "./plan.ts";
import { holdsFor } from "./scan.ts";
import { Scope } from "../expression/scope.ts";
import { compileTargets } from "./target-list.ts";
import {
  assignment,
  change,
  checkPresence,
  compileAssignments,
  compileValue,
  placeOf,
  returned,
  type Assignment,
} from "./update.ts";

type InsertNode = Extract<SqlNode, { InsertStmt: unknown }>["InsertStmt"];

/** What to do with a row whose key is there already; null: fail with 23505. */
type OnConflict = null | "nothing" | { readonly assignments: readonly Assignment[]; readonly where: Expression | null };

/** Compiles an INSERT. */
export function compileInsert(node: InsertNode, table: Table, scope: Scope): Plan {
  const places = targetPlaces(node, table);
  const lines = valuesLists(node).map((line) => compileLine(line, table, places, node.cols !== undefined, scope));
  const onConflict = compileConflict(node, table, scope);
  const returning = compileTargets(node.returningList ?? [], scope);
  function* run(execution: Execution): Steps<Outcome> {
    const { env } = execution;
    const own = new Set<Row>();
    const rows: Values[] = [];
    let count = 0;
    for (const line of lines) {
      const values: Json[] = table.shape.columns.map(() => null);
      for (const { place, value } of line) values[place] = value.evaluate(env);
      checkPresence(table, values);
      const made = yield* put(execution, table, values, onConflict, own);
      if (made === null) continue;
      env.row = made;
      count++;
      rows.push(...returned(returning, env));
    }
    return { rows, count };
  }
  return { table, isWrite: true, columns: returning.columns, run };
}

/** Inserts a row, or does what is to be done about the one that is there. Returns the new values, null for none. */
function* put(
  execution: Execution,
  table: Table,
  values: Values,
  onConflict: OnConflict,
  own: Set<Row>,
): Steps<Values | null> {
  const { transaction, env } = execution;
  const key = table.keyOf(values);
  for (;;) {
    const other = key === undefined ? null : yield* conflicting(transaction, table, key, null);
    if (other === null) {
      const row = table.add();
      write(transaction, row, values);
      own.add(row);
      return values;
    }
    if (onConflict === null) throw new SqlFailure("23505", `a row of "${table.shape.name}" has that key already`);
    if (onConflict === "nothing") {
      checkUnchanged(transaction, other);
      return null;
    }
    if (own.has(other)) throw new SqlFailure("21000", "one command would change the row twice");
    const newest = yield* lockRow(transaction, other);
    // While this waited, the row may have gone or taken another key.
    if (newest === null || table.keyOf(newest) !== key) continue;
    env.excluded = values;
    if (!holdsFor(onConflict.where, newest, env)) return null;
    own.add(other);
    return yield* change(execution, other, newest, onConflict.assignments);
  }
}

function targetPlaces({ cols }: InsertNode, table: Table): number[] {
  if (cols === undefined) return table.shape.columns.map((_, place) => place);
  const places: number[] = [];
  for (const node of cols) {
    if (!("ResTarget" in node) || node.ResTarget.indirection !== undefined) throw unsupported(kindOf(node));
    const { name = "" } = node.ResTarget;
    const place = placeOf(table, name);
    if (places.includes(place)) throw new SqlFailure("42701", `column "${name}" is named twice`);
    places.push(place);
  }
  return places;
}

function valuesLists({ selectStmt, override, withClause }: InsertNode): readonly (readonly SqlNode[])[] {
  if (withClause !== undefined) throw unsupported("WITH before INSERT");
  if (override !== undefined && override !== "OVERRIDING_NOT_SET") throw unsupported("OVERRIDING");
  if (selectStmt === undefined) throw unsupported("DEFAULT VALUES");
  const lists = "SelectStmt" in selectStmt ? selectStmt.SelectStmt.valuesLists : undefined;
  if (lists === undefined) throw unsupported("INSERT … SELECT");
  return lists.map((list) => ("List" in list ? (list.List.items ?? []) : []));
}

function compileLine(
  nodes: readonly SqlNode[],
  table: Table,
  places: readonly number[],
  isExplicit: boolean,
  scope: Scope,
): Assignment[] {
  const isWrong = isExplicit ? nodes.length !== places.length : nodes.length > places.length;
  if (isWrong) throw new SqlFailure("42601", "INSERT has as many values as columns");
  const own = new Scope([], scope.parameters);
  const values = nodes.map((node) => compileValue(node, own));
  return values.map((value, index) => assignment(table, places[index]!, value, own));
}

function compileConflict({ onConflictClause }: InsertNode, table: Table, scope: Scope): OnConflict {
  if (onConflictClause === undefined) return null;
  const { action, infer, targetList = [], whereClause } = onConflictClause;
  if (infer !== undefined) checkTarget(infer, table, scope);
  if (action === "ONCONFLICT_NOTHING") return "nothing";
  if (infer === undefined) throw new SqlFailure("42601", "ON CONFLICT DO UPDATE names the columns of its conflict");
  const { columns } = table.shape;
  const inner = new Scope([...scope.relations, { name: "excluded", columns, place: "excluded" }], scope.parameters);
  const assignments = compileAssignments(targetList, table, inner);
  return { assignments, where: whereClause === undefined ? null : compileCondition(whereClause, inner) };
}

type InferNode = NonNullable<NonNullable<InsertNode["onConflictClause"]>["infer"]>;

/** The columns named must be those of the primary key, in any order. */
function checkTarget({ indexElems = [], whereClause, conname }: InferNode, table: Table, scope: Scope): void {
  if (conname !== undefined) throw unsupported("ON CONFLICT ON CONSTRAINT");
  if (whereClause !== undefined) throw unsupported("ON CONFLICT (…) WHERE");
  const places = indexElems.map((element) => {
    if (!("IndexElem" in element) || element.IndexElem.name === undefined)
      throw unsupported("a conflict over expressions");
    return placeOf(table, element.IndexElem.name);
  });
  const { key } = table.shape;
  const isKey = key.length > 0 && key.every((place) => places.includes(place)) && places.every((p) => key.includes(p));
  if (isKey) return;
  const evaluate = (): never => {
    throw new SqlFailure("42P10", "no primary key has these columns");
  };
  scope.parameters.planned.push({ evaluate });
}
