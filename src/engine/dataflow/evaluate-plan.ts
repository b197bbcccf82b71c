/** Plans evaluated over contents at hand, at once: by the operators of dataflows, with one worker and one time. */
import type { Row, Update } from "../collection.ts";
import type { PeekOutcome } from "../compute/protocol.ts";
import type { Plan } from "../sql/plan.ts";
import { evaluate } from "../sql/evaluate.ts";
import { render, sourcesOf } from "./layout.ts";
import { outcomeOf } from "./outcome.ts";
import { dataflowPolicies } from "./policies.ts";
import { Share } from "./share.ts";

/** Contents of the relations that a plan reads, by id: rows, and how often each is there. */
export type Relations = ReadonlyMap<string, readonly (readonly [row: Row, count: number])[]>;

/** The answer of a query over these relations; one that is not among them is empty. Pure. */
export function evaluatePlan(plan: Plan, relations: Relations): PeekOutcome {
  const place = { process: 0, processes: 1, workersPerProcess: 1 };
  const share = new Share(render(plan, null), { ...place, asOf: 0, evaluate, policies: dataflowPolicies });
  for (const id of sourcesOf(plan)) {
    const updates: Update<Row>[] = (relations.get(id) ?? []).map(([row, count]) => [row, 0, count]);
    share.feed(id, updates, null);
  }
  return outcomeOf(share.step().result.map(([entry, , diff]) => [entry, diff]));
}
