/** `defineInvariant`: a rule over the observations of a run, as a value. */
import type { Observation } from "../ports/events.ts";
import type { Breach, InvariantDefinition } from "../runner/definition.ts";
import { UsageError } from "../base/errors.ts";

/** A rule over observations. `E` maps kinds of observation to their data. */
export function defineInvariant<S, E extends object = { [kind: string]: any }>(definition: {
  readonly id: string;
  readonly doc: string;
  readonly state: () => S;
  readonly on: { readonly [K in keyof E]?: (state: S, data: E[K], seen: Observation) => Breach | undefined | void };
  readonly atEnd?: (state: S) => Breach | undefined | void;
}): InvariantDefinition<S> {
  if (!/^[A-Za-z][\w.-]*$/.test(definition.id)) {
    throw new UsageError(`invariant id "${definition.id}": a letter, then letters, digits, "-", "_" and "."`);
  }
  return Object.freeze(definition) as unknown as InvariantDefinition<S>;
}
