/** Plans evaluated the obvious way, as their documentation reads. */
import type { Datum, Row } from "../../../src/engine/collection.ts";
import { evaluate, isEvaluationError, type EvaluationError } from "../../../src/engine/sql/evaluate.ts";
import type { Aggregate, Plan, Scalar } from "../../../src/engine/sql/plan.ts";

type Counted = readonly (readonly [Row, number])[];

/** Rows of a plan over contents by id; errors are collected on the way. */
export function naivePlan(plan: Plan, contents: ReadonlyMap<string, Counted>, errors: EvaluationError[]): Counted {
  const value = (scalar: Scalar, row: Row): Datum | undefined => {
    const found = evaluate(scalar, row);
    if (!isEvaluationError(found)) return found;
    errors.push(found);
    return undefined;
  };
  switch (plan.kind) {
    case "get":
      return contents.get(plan.id)!;
    case "constant":
      return plan.rows.map((row) => [row, 1]);
    case "filter":
      return naivePlan(plan.input, contents, errors).filter(([row]) => value(plan.predicate, row) === true);
    case "map":
      return naivePlan(plan.input, contents, errors).flatMap(([row, count]) => {
        const made = plan.scalars.map((scalar) => value(scalar, row));
        return made.includes(undefined) ? [] : [[made as Row, count] as const];
      });
    case "join": {
      const right = naivePlan(plan.right, contents, errors);
      return naivePlan(plan.left, contents, errors).flatMap(([row, count]) =>
        right
          .filter(([other]) =>
            plan.leftKey.every((at, key) => row[at] !== null && row[at] === other[plan.rightKey[key]!]),
          )
          .map(([other, times]) => [[...row, ...other], count * times] as const),
      );
    }
    case "reduce": {
      const groups = new Map<string, { key: Row; rows: (readonly [Row, number])[] }>();
      if (plan.key.length === 0) groups.set("[]", { key: [], rows: [] });
      for (const [row, count] of naivePlan(plan.input, contents, errors)) {
        const key = plan.key.map((scalar) => value(scalar, row)) as Row;
        const group = groups.get(JSON.stringify(key)) ?? { key, rows: [] };
        group.rows.push([row, count]);
        groups.set(JSON.stringify(key), group);
      }
      return [...groups.values()].map(({ key, rows }) => [
        [...key, ...plan.aggregates.map((aggregate) => naiveAggregate(aggregate, rows, value, errors))],
        1,
      ]);
    }
  }
}

function naiveAggregate(
  { fn, argument }: Aggregate,
  rows: Counted,
  value: (scalar: Scalar, row: Row) => Datum | undefined,
  errors: EvaluationError[],
): Datum {
  const present = rows
    .map(([row, count]) => [argument === undefined ? 1 : value(argument, row), count] as const)
    .filter(([datum]) => datum !== null && datum !== undefined);
  if (fn === "count") return present.reduce((sum, [, count]) => sum + count, 0);
  if (present.length === 0) return null;
  const sum = present.reduce((total, [datum, count]) => total + BigInt(datum as number) * BigInt(count), 0n);
  if (Number.isSafeInteger(Number(sum))) return Number(sum);
  errors.push({ code: "22003", message: "integer out of range" });
  return null;
}
