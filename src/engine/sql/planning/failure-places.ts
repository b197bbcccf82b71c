/**
 * Where in a query an error of evaluation comes from. Errors in data have a code and no place: they may come from a view
 * or a source as well. So a place is told only where nothing else than one expression of the query can be the cause.
 */
import type { ResolvedItem, SelectPlaces } from "../plan.ts";
import type { Expression, Query } from "../syntax/statement.ts";
import { evaluate, isEvaluationError } from "../evaluate.ts";
import { sqlStates } from "../sql-error.ts";
import { planExpression } from "./typed-scalar.ts";

/** What holds rows alone, or errors of decoding at most. */
const plain: ReadonlySet<ResolvedItem["kind"]> = new Set(["table", "source", "system"]);

/** The places of a query over these objects, by code. */
export function failurePlaces({ body }: Query, items: readonly ResolvedItem[]): SelectPlaces["failures"] {
  if (body.kind === "values" || !items.every(({ kind }) => plain.has(kind))) return {};
  const selected = body.items.flatMap((item) => (item.kind === "expression" ? [item.expression] : []));
  const conditions = [body.from?.on, body.where, body.having].filter((condition) => condition !== undefined);
  const found = [...selected, ...conditions, ...body.groupBy].flatMap(failing);
  const places: Record<string, number> = {};
  for (const code of new Set(found.map((each) => each.code))) {
    const positions = new Set(found.filter((each) => each.code === code).map(({ position }) => position));
    const [only, other] = positions;
    if (other === undefined) places[code] = only!;
  }
  return places;
}

interface Failing {
  readonly code: string;
  readonly position: number;
}

/** What may fail inside of an expression; of a constant, what does. */
function failing(expression: Expression): readonly Failing[] {
  if (expression.kind === "column" || expression.kind === "literal") return [];
  const { position } = expression;
  if (expression.kind === "aggregate") {
    const inner = expression.argument === undefined ? [] : failing(expression.argument);
    return expression.fn === "sum" ? [...inner, { code: sqlStates.outOfRange, position }] : inner;
  }
  const inner = expression.args.flatMap(failing);
  if (isConstant(expression)) return inner.length > 0 ? inner : failureOf(expression);
  const { fn } = expression;
  if (fn === "/" || fn === "%") return [...inner, { code: sqlStates.divisionByZero, position }];
  return fn === "+" || fn === "-" || fn === "*" ? [...inner, { code: sqlStates.outOfRange, position }] : inner;
}

function isConstant(expression: Expression): boolean {
  return expression.kind === "literal" || (expression.kind === "call" && expression.args.every(isConstant));
}

function failureOf(constant: Expression): readonly Failing[] {
  const value = evaluate(planExpression(constant, () => undefined).scalar, []);
  return isEvaluationError(value) ? [{ code: value.code, position: constant.position }] : [];
}
