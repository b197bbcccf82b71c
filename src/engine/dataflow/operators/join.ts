/** Pairs of rows with equal keys. Both sides are kept: what comes on one meets what the other has had so far. */
import type { Row } from "../../collection.ts";
import type { Change } from "../multiset.ts";
import type { DataflowPolicies } from "../policies.ts";
import type { Inputs, Operator, Surroundings } from "./operator.ts";
import { isError } from "../../collection.ts";
import { datumsKey } from "../multiset.ts";
import { Arrangement } from "./arrangement.ts";

/** The two sides' operators, and the columns of the key in each. */
export interface JoinSides {
  readonly left: Operator;
  readonly right: Operator;
  readonly leftKey: readonly number[];
  readonly rightKey: readonly number[];
}

export class Join implements Operator {
  readonly #sides: JoinSides;
  readonly #left: Arrangement;
  readonly #right: Arrangement;
  readonly #policies: DataflowPolicies;

  constructor(sides: JoinSides, { policies }: Surroundings) {
    this.#sides = sides;
    this.#left = new Arrangement(sides.leftKey);
    this.#right = new Arrangement(sides.rightKey);
    this.#policies = policies;
  }

  apply(inputs: Inputs): readonly Change[] {
    const output: Change[] = [];
    const left = this.#sides.left.apply(inputs);
    const right = this.#sides.right.apply(inputs);
    this.#meet(left, this.#left, this.#right, output, (row, other) => [...row, ...other]);
    this.#meet(right, this.#right, this.#left, output, (row, other) => [...other, ...row]);
    return output;
  }

  #meet(
    changes: readonly Change[],
    own: Arrangement,
    others: Arrangement,
    output: Change[],
    pair: (row: Row, other: Row) => Row,
  ): void {
    for (const change of changes) {
      const [entry, diff] = change;
      if (isError(entry)) {
        output.push(change);
        continue;
      }
      const datums = own.keyOf(entry);
      if (!this.#policies.canMatch(datums)) continue;
      const key = datumsKey(datums);
      for (const { row, count } of others.rows(key)) output.push([pair(entry, row), diff * count]);
      own.update(key, entry, diff);
    }
  }
}
