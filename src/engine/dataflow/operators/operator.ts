/**
 * What an operator is: a state machine that is told the changes of one time after the other, in order, and says what
 * changes by them. Errors pass through every operator; what fails to evaluate becomes an error that goes with its input.
 */
import type { Datum, Entry, ErrorValue, Row } from "../../collection.ts";
import type { Scalar } from "../../sql/plan.ts";
import type { Change } from "../multiset.ts";
import type { DataflowPolicies, HeldErrors } from "../policies.ts";

/** The changes of one time, by input of a stage. */
export type Inputs = readonly (readonly Change[])[];

export interface Operator {
  /** Called once for the first time of the dataflow, then for each later time at which an input changes. */
  apply(inputs: Inputs): readonly Change[];
}

/** Why an expression has no value. */
export interface EvaluationFailure {
  readonly code: string;
  readonly message: string;
}

/** The value of an expression over a row; failures are returned, never thrown. */
export type Evaluate = (scalar: Scalar, row: Row) => Datum | EvaluationFailure;

/** What operators of one worker are made with. */
export interface Surroundings {
  readonly evaluate: Evaluate;
  readonly policies: DataflowPolicies;
  /** This worker, of all those of the replica. */
  readonly worker: number;
  readonly workers: number;
}

/** Whether an expression had no value. */
export function isFailure(value: Datum | EvaluationFailure): value is EvaluationFailure {
  return typeof value === "object" && value !== null;
}

/** Errors that one operator makes and takes back. */
export class ErrorLedger {
  readonly #policies: DataflowPolicies;
  readonly #held: HeldErrors = new Map();

  constructor(policies: DataflowPolicies) {
    this.#policies = policies;
  }

  /** The error that stands for this failure. */
  error({ code, message }: EvaluationFailure, cause: string): ErrorValue {
    return { code, message, identity: this.#policies.errorIdentity({ code, message }, cause) };
  }

  /** What is to be said when it comes or goes. */
  changes(error: ErrorValue, diff: number): readonly (readonly [Entry, number])[] {
    return this.#policies.errorChanges(this.#held, error, diff);
  }
}
