/** Queries to plans: SELECT over FROM, with grouping and DISTINCT, and VALUES. Nothing is optimised away: a column that nobody reads still fails where it fails. */
import type { Column, Row } from "../../collection.ts";
import type { CatalogLookup, Ordering, Plan, ResolvedItem } from "../plan.ts";
import type { Expression, OrderItem, Query, QueryBody } from "../syntax/statement.ts";
import { canonicalJson } from "../../../base/json.ts";
import { evaluate, isEvaluationError } from "../evaluate.ts";
import { SqlError, sqlStates, unsupported } from "../sql-error.ts";
import { filtered, inputLeaf, planFrom } from "./from-clause.ts";
import { Grouping, isGrouped } from "./grouping.ts";
import type { Scope } from "./scope.ts";
import { columnScalar, oneType, planCondition, planExpression, type Leaf, type TypedScalar } from "./typed-scalar.ts";

export interface PlannedQuery {
  readonly plan: Plan;
  readonly columns: readonly Column[];
  readonly orderBy: readonly Ordering[];
  /** Where each column stands in the text. */
  readonly positions: readonly number[];
  /** Objects that the query names, views as themselves, in their order. */
  readonly items: readonly ResolvedItem[];
}

interface Output extends TypedScalar {
  readonly name: string;
  readonly position: number;
}

type SelectBody = Extract<QueryBody, { kind: "select" }>;

/** Plans a query; errors as `planStatement`. */
export function planQuery({ body, orderBy }: Query, catalog: CatalogLookup): PlannedQuery {
  return body.kind === "values" ? planValuesQuery(body.rows, orderBy) : planSelect(body, orderBy, catalog);
}

function planSelect(body: SelectBody, orderBy: readonly OrderItem[], catalog: CatalogLookup): PlannedQuery {
  const { plan: input, scope, items } = planFrom(body.from, body.where, catalog);
  const grouping = isGrouped(body) ? new Grouping(body, scope) : undefined;
  const leaf = grouping?.leaf ?? inputLeaf(scope, "ORDER BY");
  const outputs = outputsOf(body, scope, leaf);
  const having = body.having === undefined ? [] : [planCondition(body.having, leaf, "HAVING")];
  const orderings = orderBy.map((item) => orderingOf(item, outputs, leaf));
  const rows = grouping === undefined ? input : filtered(grouping.plan(input), having);
  const width = grouping === undefined ? scope.columns.length : undefined;
  const plan = mapped(rows, outputs, width);
  const columns = outputs.map(({ name, type }) => ({ name, type: type ?? "text" }));
  const positions = outputs.map(({ position }) => position);
  return {
    plan: body.isDistinct ? distinct(plan, columns.length) : plan,
    columns,
    positions,
    orderBy: orderings,
    items,
  };
}

function outputsOf(body: SelectBody, scope: Scope, leaf: Leaf): readonly Output[] {
  return body.items.flatMap((item): readonly Output[] => {
    if (item.kind === "expression") return [outputOf(item.alias ?? outputName(item.expression), item.expression, leaf)];
    const { position } = item;
    return scope.star(item.qualifier, position).map(({ name, table }) => {
      return outputOf(name, { kind: "column", qualifier: table, name, position }, leaf);
    });
  });
}

function outputOf(name: string, expression: Expression, leaf: Leaf): Output {
  return { name, position: expression.position, ...planExpression(expression, leaf) };
}

/** PostgreSQL's names for columns without an alias. */
function outputName(expression: Expression): string {
  if (expression.kind === "column") return expression.name;
  if (expression.kind === "aggregate") return expression.fn;
  if (expression.kind !== "call") return "?column?";
  return expression.fn === "coalesce" || expression.fn === "mz_panic" ? expression.fn : "?column?";
}

/** One output column per scalar; the input itself when that is the same. */
function mapped(input: Plan, outputs: readonly Output[], width: number | undefined): Plan {
  const scalars = outputs.map(({ scalar }) => scalar);
  const isIdentity = scalars.every((scalar, index) => scalar.kind === "column" && scalar.index === index);
  return isIdentity && scalars.length === width ? input : { kind: "map", input, scalars };
}

function distinct(input: Plan, width: number): Plan {
  const key = Array.from({ length: width }, (_, index) => columnScalar(index, undefined).scalar);
  return { kind: "reduce", input, key, aggregates: [] };
}

/** A number or a name of the result, or an expression that the result holds. */
function orderingOf({ expression, isDescending }: OrderItem, outputs: readonly Output[], leaf: Leaf): Ordering {
  const { position } = expression;
  if (expression.kind === "literal" && typeof expression.value === "number") {
    if (outputs[expression.value - 1] !== undefined) return { column: expression.value - 1, isDescending };
    throw new SqlError(
      sqlStates.badColumnReference,
      `ORDER BY position ${expression.value} is not in the SELECT list`,
      {
        position,
      },
    );
  }
  const byName = expression.kind === "column" && expression.qualifier === undefined ? expression.name : undefined;
  const named = outputs.filter(({ name }) => name === byName);
  if (new Set(named.map(({ scalar }) => canonicalJson(scalar))).size > 1)
    throw new SqlError(sqlStates.ambiguousColumn, `ORDER BY "${byName!}" is ambiguous`, { position });
  const text = named.length > 0 ? undefined : canonicalJson(planExpression(expression, leaf).scalar);
  const column =
    named.length > 0 ? outputs.indexOf(named[0]!) : outputs.findIndex(({ scalar }) => canonicalJson(scalar) === text);
  if (column < 0)
    throw unsupported("ORDER BY of what is not selected", position, "Add the expression to the SELECT list.");
  return { column, isDescending };
}

function planValuesQuery(rows: readonly (readonly Expression[])[], orderBy: readonly OrderItem[]): PlannedQuery {
  const planned = planValues(rows);
  const outputs = planned.types.map((type, index): Output => ({
    name: `column${index + 1}`,
    position: rows[0]![index]!.position,
    ...columnScalar(index, type),
  }));
  const leaf: Leaf = (expression) => {
    if (expression.kind !== "column") return undefined;
    throw noColumn(expression.name, expression.position);
  };
  return {
    plan: { kind: "constant", rows: planned.rows, width: outputs.length },
    columns: outputs.map(({ name, type }) => ({ name, type: type ?? "text" })),
    positions: outputs.map(({ position }) => position),
    orderBy: orderBy.map((item) => orderingOf(item, outputs, leaf)),
    items: [],
  };
}

export interface PlannedValues {
  readonly rows: readonly Row[];
  /** By column; undefined where all values are NULL. */
  readonly types: readonly TypedScalar["type"][];
}

/** One expression of a VALUES list. */
export interface PlannedValue {
  readonly type: TypedScalar["type"];
  readonly position: number;
}

/**
 * Plans and computes a VALUES list: its rows are constants. `check` sees each value with the number of its column first;
 * 42804 then when a column has two types.
 */
export function planValues(
  rows: readonly (readonly Expression[])[],
  check: (value: PlannedValue, column: number) => void = () => undefined,
): PlannedValues {
  const planned = rows.map((row) =>
    row.map((expression, column) => {
      const { scalar, type } = planExpression(expression, constantLeaf);
      check({ type, position: expression.position }, column);
      return { scalar, type, position: expression.position };
    }),
  );
  const types = rows[0]!.map((_, column) => {
    const values = planned.map((row) => row[column]!);
    const first = values.find(({ type }) => type !== undefined)?.type;
    const odd = values.find(({ type }) => type !== undefined && type !== first);
    return odd === undefined ? first : oneType([first, odd.type], "VALUES", odd.position);
  });
  const values = planned.map((row, at) => row.map(({ scalar }, index) => constant(scalar, rows[at]![index]!)));
  return { rows: values, types };
}

const constantLeaf: Leaf = (expression) => {
  if (expression.kind === "aggregate")
    throw new SqlError(sqlStates.ungrouped, "aggregates are not allowed in VALUES", { position: expression.position });
  if (expression.kind === "column") throw noColumn(expression.name, expression.position);
  return undefined;
};

function constant(scalar: TypedScalar["scalar"], { position }: Expression): Row[number] {
  const value = evaluate(scalar, []);
  if (isEvaluationError(value)) throw new SqlError(value.code, value.message, { position });
  return value;
}

function noColumn(name: string, position: number): SqlError {
  return new SqlError(sqlStates.noSuchColumn, `column "${name}" does not exist`, {
    hint: "A text stands in single quotes.",
    position,
  });
}
