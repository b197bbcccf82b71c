/** What a plan reads. */
import type { Plan } from "./plan.ts";

/** Ids of the collections that a plan reads, each once, sorted by code units. */
export function readsOf(plan: Plan): readonly string[] {
  return [...new Set(gets(plan))].toSorted();
}

function gets(plan: Plan): readonly string[] {
  switch (plan.kind) {
    case "get":
      return [plan.id];
    case "constant":
      return [];
    case "join":
      return [...gets(plan.left), ...gets(plan.right)];
    case "filter":
    case "map":
    case "reduce":
      return gets(plan.input);
  }
}
