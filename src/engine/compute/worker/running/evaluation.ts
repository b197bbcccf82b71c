/**
 * Scalars as the workers of a replica evaluate them: errors are values, but for that of `mz_panic`, which stands for a
 * query or view that no worker survives. It ends the process; so its mesh, and with it the replica, begins anew.
 */
import type { Host } from "../../../../ports/host.ts";
import type { Evaluate } from "../../../dataflow/operators/operator.ts";
import { evaluate, isEvaluationError, panicCode } from "../../../sql/evaluate.ts";

/** Evaluates on a host. Where `mz_panic` decides the outcome, the process ends with the reason `poison`. */
export function evaluation(host: Pick<Host, "exit">): Evaluate {
  return (scalar, row) => {
    const value = evaluate(scalar, row);
    return isEvaluationError(value) && value.code === panicCode ? host.exit(134, "poison") : value;
  };
}
