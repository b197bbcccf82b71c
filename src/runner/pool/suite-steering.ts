/** Steering for a whole suite: a name must fit some scenario of it, not every one. */
import type { SimDefinition } from "../definition.ts";
import type { Steering, SteeringRequest } from "./messages.ts";
import { onlyFaults, setKnobs, withoutFaults } from "../plan/steering.ts";

/** A request together with what the chosen scenarios have. */
export function steeringFor(request: SteeringRequest, definitions: readonly SimDefinition[]): Steering {
  return {
    only: request.only ?? [],
    without: request.without ?? [],
    set: request.set ?? [],
    knownFaults: unique(definitions.flatMap(({ faults }) => faults.map((use) => use.fault.id))),
    knownKnobs: unique(definitions.flatMap(({ knobs }) => Object.keys(knobs))),
  };
}

/** Whether runs are left out that the scenarios would draw: then nothing can be said about coverage. */
export function isSteered(steering: Steering): boolean {
  return steering.only.length + steering.without.length + steering.set.length > 0;
}

/** The scenario as it is run. Throws `UsageError` for a name that fits no scenario of the suite. */
export function steered(definition: SimDefinition, steering: Steering): SimDefinition {
  let narrowed = definition;
  if (steering.only.length > 0) narrowed = onlyFaults(narrowed, steering.only, steering.knownFaults);
  if (steering.without.length > 0) narrowed = withoutFaults(narrowed, steering.without, steering.knownFaults);
  if (steering.set.length > 0) narrowed = setKnobs(narrowed, steering.set, steering.knownKnobs);
  return narrowed;
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
