/** Where changes enter a stage: an input, or rows that are there from the first time on. */
import type { Row } from "../../collection.ts";
import type { Change } from "../multiset.ts";
import type { Inputs, Operator } from "./operator.ts";

/** The changes of one of the stage's inputs. */
export class Get implements Operator {
  readonly #input: number;

  constructor(input: number) {
    this.#input = input;
  }

  apply(inputs: Inputs): readonly Change[] {
    return inputs[this.#input]!;
  }
}

/** Rows that never change. Its stage has no input, so that it is asked once. */
export class Constant implements Operator {
  readonly #rows: readonly Row[];

  constructor(rows: readonly Row[]) {
    this.#rows = rows;
  }

  apply(): readonly Change[] {
    return this.#rows.map((row) => [row, 1]);
  }
}
