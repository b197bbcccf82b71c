/**
 * FROM and WHERE: one relation, or two that are joined on equalities of their columns. Those equalities come first: what
 * is left of ON and WHERE is judged on the pairs that they make. Cross joins and equalities of expressions are refused.
 */
import type { CatalogLookup, Plan, ResolvedItem, Scalar } from "../plan.ts";
import type { Expression, From } from "../syntax/statement.ts";
import { SqlError, sqlStates, unsupported } from "../sql-error.ts";
import { relationNamed } from "./catalog-names.ts";
import { Scope, type ScopeColumn } from "./scope.ts";
import { columnScalar, conjuncts, planCondition, type Leaf } from "./typed-scalar.ts";

export interface PlannedFrom {
  readonly plan: Plan;
  readonly scope: Scope;
  /** Objects that the query names. */
  readonly items: readonly ResolvedItem[];
}

/** Plans FROM and WHERE together, for WHERE may hold a join's equalities. Without FROM: one row without columns. */
export function planFrom(from: From | undefined, where: Expression | undefined, catalog: CatalogLookup): PlannedFrom {
  const tables = (from?.tables ?? []).map(({ name, alias }) => {
    return [alias ?? name.text, relationNamed(catalog, name)] as const;
  });
  const [first, second] = tables;
  if (second !== undefined && first![0] === second[0])
    throw new SqlError(sqlStates.duplicateAlias, `"${second[0]}" stands for two relations`, {
      hint: "Give one of them an alias.",
      position: from!.tables[1]!.name.position,
    });
  const scope = new Scope(tables, from?.using);
  const conditions = [
    ...conjuncts(from?.on).map((condition) => [condition, "JOIN/ON"] as const),
    ...conjuncts(where).map((condition) => [condition, "WHERE"] as const),
  ];
  const keys: (readonly [ScopeColumn, ScopeColumn])[] = [...scope.merged];
  const rest: Scalar[] = [];
  for (const [condition, place] of conditions) {
    const scalar = planCondition(condition, inputLeaf(scope, place), place);
    const key = keyOf(condition, scope);
    if (key === undefined) rest.push(scalar);
    else keys.push(key);
  }
  return { plan: filtered(joined(tables, keys, from), rest), scope, items: tables.map(([, item]) => item) };
}

/** Meaning of names below aggregation: columns are the scope's, aggregates do not belong there. */
export function inputLeaf(scope: Scope, place: string): Leaf {
  return (expression) => {
    if (expression.kind === "aggregate")
      throw new SqlError(sqlStates.ungrouped, `aggregates are not allowed in ${place}`, {
        position: expression.position,
      });
    if (expression.kind !== "column") return undefined;
    const { index, type } = scope.column(expression);
    return columnScalar(index, type);
  };
}

/** A filter for all of the conditions; none: the input as it is. */
export function filtered(input: Plan, conditions: readonly Scalar[]): Plan {
  const [first] = conditions;
  if (first === undefined) return input;
  const predicate: Scalar = conditions.length === 1 ? first : { kind: "call", fn: "and", args: conditions };
  return { kind: "filter", input, predicate };
}

function joined(
  tables: readonly (readonly [string, ResolvedItem])[],
  keys: readonly (readonly [ScopeColumn, ScopeColumn])[],
  from: From | undefined,
): Plan {
  const [left, right] = tables.map(([, item]) => contentsOf(item));
  if (left === undefined) return { kind: "constant", rows: [[]], width: 0 };
  if (right === undefined) return left;
  if (keys.length === 0)
    throw unsupported(
      "a join without an equality of two columns",
      from!.tables[1]!.name.position,
      "Write ON a.x = b.y or USING (x); compute what must be equal in a view.",
    );
  const width = tables[0]![1].columns.length;
  return {
    kind: "join",
    left,
    right,
    leftKey: keys.map(([{ index }]) => index),
    rightKey: keys.map(([, { index }]) => index - width),
  };
}

function contentsOf(item: ResolvedItem): Plan {
  return item.plan ?? { kind: "get", id: item.id };
}

/** An equality of a left and a right column, in this order. */
function keyOf(condition: Expression, scope: Scope): readonly [ScopeColumn, ScopeColumn] | undefined {
  if (condition.kind !== "call" || condition.fn !== "=") return undefined;
  const [a, b] = condition.args;
  if (a?.kind !== "column" || b?.kind !== "column") return undefined;
  const [first, second] = [scope.column(a), scope.column(b)];
  if (first.side === second.side) return undefined;
  return first.side === 0 ? [first, second] : [second, first];
}
