/** Rows for which a predicate is true. A row for which it has no value becomes an error. */
import type { Scalar } from "../../sql/plan.ts";
import type { Change } from "../multiset.ts";
import type { Evaluate, Inputs, Operator, Surroundings } from "./operator.ts";
import { isError } from "../../collection.ts";
import { entryKey } from "../multiset.ts";
import { ErrorLedger, isFailure } from "./operator.ts";

export class Filter implements Operator {
  readonly #input: Operator;
  readonly #predicate: Scalar;
  readonly #evaluate: Evaluate;
  readonly #errors: ErrorLedger;

  constructor(input: Operator, predicate: Scalar, { evaluate, policies }: Surroundings) {
    this.#input = input;
    this.#predicate = predicate;
    this.#evaluate = evaluate;
    this.#errors = new ErrorLedger(policies);
  }

  apply(inputs: Inputs): readonly Change[] {
    const output: Change[] = [];
    for (const change of this.#input.apply(inputs)) {
      const [entry, diff] = change;
      if (isError(entry)) {
        output.push(change);
        continue;
      }
      const value = this.#evaluate(this.#predicate, entry);
      if (value === true) output.push(change);
      else if (isFailure(value)) {
        output.push(...this.#errors.changes(this.#errors.error(value, entryKey(entry)), diff));
      }
    }
    return output;
  }
}
