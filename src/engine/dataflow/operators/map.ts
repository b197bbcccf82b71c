/** Rows made of expressions over rows. A row of which one has no value becomes an error, one for the first of them. */
import type { Datum, Entry } from "../../collection.ts";
import type { Scalar } from "../../sql/plan.ts";
import type { Change } from "../multiset.ts";
import type { Evaluate, EvaluationFailure, Inputs, Operator, Surroundings } from "./operator.ts";
import { isError } from "../../collection.ts";
import { entryKey } from "../multiset.ts";
import { ErrorLedger, isFailure } from "./operator.ts";

export class MapRows implements Operator {
  readonly #input: Operator;
  readonly #scalars: readonly Scalar[];
  readonly #evaluate: Evaluate;
  readonly #errors: ErrorLedger;

  constructor(input: Operator, scalars: readonly Scalar[], { evaluate, policies }: Surroundings) {
    this.#input = input;
    this.#scalars = scalars;
    this.#evaluate = evaluate;
    this.#errors = new ErrorLedger(policies);
  }

  apply(inputs: Inputs): readonly Change[] {
    const output: Change[] = [];
    for (const change of this.#input.apply(inputs)) {
      const [entry, diff] = change;
      const made = isError(entry) ? entry : this.#row(entry);
      if (Array.isArray(made) || made === entry) output.push([made as Entry, diff]);
      else output.push(...this.#errors.changes(this.#errors.error(made as EvaluationFailure, entryKey(entry)), diff));
    }
    return output;
  }

  #row(row: readonly Datum[]): Datum[] | EvaluationFailure {
    const made: Datum[] = [];
    for (const scalar of this.#scalars) {
      const value = this.#evaluate(scalar, row);
      if (isFailure(value)) return value;
      made.push(value);
    }
    return made;
  }
}
