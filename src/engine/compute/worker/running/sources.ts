/** Which of the sources that a command names a plan reads. */
import type { Plan } from "../../../sql/plan.ts";
import type { CollectionSource } from "../../protocol.ts";
import { assert } from "../../../../base/assert.ts";
import { sourcesOf } from "../../../dataflow/layout.ts";

/** Where the collections are that a plan reads, in the plan's order. A command that leaves one out is a bug. */
export function readBy(plan: Plan, sources: readonly CollectionSource[]): readonly CollectionSource[] {
  return sourcesOf(plan).map((id) => {
    const source = sources.find((candidate) => candidate.id === id);
    assert(source !== undefined, "a command names all sources of its plan", id);
    return source;
  });
}
