/** `defineBug`: a planted bug, as a value. */
import type { BugDefinition } from "../runner/definition.ts";

/** A planted bug: a partial override of a scenario's policies, and the invariant that must catch it. */
export function defineBug<Policies extends object>(definition: {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  readonly breaks: string;
  readonly policies: Partial<Policies>;
}): BugDefinition {
  return Object.freeze(definition) as BugDefinition;
}
