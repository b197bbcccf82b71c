/** `defineEngineBug`: a planted bug of the engine, made from the policies in force. */
import type { ControllerPolicies } from "../engine/mesh/policies.ts";
import type { EnginePolicies } from "../engine/policies.ts";
import type { BugDefinition } from "../runner/definition.ts";
import { enginePolicies } from "../engine/policies.ts";

/** What a bug may override: the engine's policies, and who drives its mesh where a protocol needs that. */
export interface PlantedPolicies extends EnginePolicies {
  readonly controller: ControllerPolicies;
}

/** One historical bug: an override of one area of the engine's policies. */
export function defineEngineBug(definition: {
  /** The row of the bug museum: `B30`. */
  readonly id: string;
  readonly title: string;
  readonly source: string;
  /** Id of the invariant that must catch it. */
  readonly breaks: string;
  readonly policies: (sound: EnginePolicies) => Partial<PlantedPolicies>;
}): BugDefinition {
  const policies = definition.policies(enginePolicies) as { readonly [name: string]: unknown };
  return Object.freeze({ ...definition, policies });
}
