/** GROUP BY, HAVING and aggregates: what is computed per group, and what may be said of a group. */
import type { ColumnType } from "../../collection.ts";
import type { Aggregate, Plan } from "../plan.ts";
import type { Expression, QueryBody } from "../syntax/statement.ts";
import { canonicalJson } from "../../../base/json.ts";
import { SqlError, sqlStates } from "../sql-error.ts";
import { inputLeaf } from "./from-clause.ts";
import type { Scope } from "./scope.ts";
import { columnScalar, hasAggregate, planExpression, type Leaf, type TypedScalar } from "./typed-scalar.ts";

type SelectBody = Extract<QueryBody, { kind: "select" }>;

/** Whether the query is about groups rather than rows. */
export function isGrouped({ items, groupBy, having }: SelectBody): boolean {
  if (groupBy.length > 0 || having !== undefined) return true;
  return items.some((item) => item.kind === "expression" && hasAggregate(item.expression));
}

/** Columns of the groups: keys first, then aggregates in the order in which expressions ask for them. */
export class Grouping {
  readonly #scope: Scope;
  readonly #keys: readonly TypedScalar[];
  readonly #aggregates: { readonly aggregate: Aggregate; readonly type: ColumnType }[] = [];

  constructor(body: SelectBody, scope: Scope) {
    this.#scope = scope;
    this.#keys = body.groupBy.map((expression) => {
      return planExpression(groupExpression(expression, body, scope), inputLeaf(scope, "GROUP BY"));
    });
  }

  /** Meaning of expressions above aggregation. */
  readonly leaf: Leaf = (expression) => {
    if (expression.kind === "aggregate") return this.#aggregate(expression);
    if (!hasAggregate(expression)) {
      const key = this.#keyOf(expression);
      if (key !== undefined) return key;
    }
    if (expression.kind !== "column") return undefined;
    throw new SqlError(sqlStates.ungrouped, `column "${expression.name}" must be in GROUP BY or in an aggregate`, {
      position: expression.position,
    });
  };

  /** The reduction; to be asked for once all expressions are planned, for they say which aggregates there are. */
  plan(input: Plan): Plan {
    return {
      kind: "reduce",
      input,
      key: this.#keys.map(({ scalar }) => scalar),
      aggregates: this.#aggregates.map(({ aggregate }) => aggregate),
    };
  }

  #keyOf(expression: Expression): TypedScalar | undefined {
    if (this.#keys.length === 0) return undefined;
    const text = canonicalJson(planExpression(expression, inputLeaf(this.#scope, "GROUP BY")).scalar);
    const index = this.#keys.findIndex(({ scalar }) => canonicalJson(scalar) === text);
    return index < 0 ? undefined : columnScalar(index, this.#keys[index]!.type);
  }

  #aggregate({ fn, argument, position }: Extract<Expression, { kind: "aggregate" }>): TypedScalar {
    const planned =
      argument === undefined ? undefined : planExpression(argument, inputLeaf(this.#scope, "an aggregate"));
    if (fn === "sum" && planned?.type !== "int" && planned?.type !== undefined)
      throw new SqlError(sqlStates.noSuchOperator, `function sum(${planned.type}) does not exist`, { position });
    const aggregate: Aggregate = planned === undefined ? { fn } : { fn, argument: planned.scalar };
    const text = canonicalJson(aggregate);
    let index = this.#aggregates.findIndex((known) => canonicalJson(known.aggregate) === text);
    if (index < 0) index = this.#aggregates.push({ aggregate, type: "int" }) - 1;
    return columnScalar(this.#keys.length + index, "int");
  }
}

/** A number is a column of the result; a name that the input does not have may be one, too. */
function groupExpression(expression: Expression, { items }: SelectBody, scope: Scope): Expression {
  if (expression.kind === "literal" && typeof expression.value === "number") {
    const item = items.every(({ kind }) => kind === "expression") ? items[expression.value - 1] : undefined;
    if (item?.kind === "expression") return item.expression;
    throw new SqlError(
      sqlStates.badColumnReference,
      `GROUP BY position ${expression.value} is not in the SELECT list`,
      {
        position: expression.position,
      },
    );
  }
  if (expression.kind !== "column" || expression.qualifier !== undefined) return expression;
  if (scope.columns.some(({ name }) => name === expression.name)) return expression;
  const named = items.find((item) => item.kind === "expression" && item.alias === expression.name);
  return named?.kind === "expression" ? named.expression : expression;
}
