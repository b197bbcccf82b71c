/** What can be explored in the place of a core in force: historic protocols, and bugs that change no more than the core. */
import type { MeshPolicies } from "../engine/mesh/policies.ts";
import type { Explorable, ExplorableWorld } from "../models/explorable.ts";
import { answeredForming } from "../bugs/mesh/protocols/answered-forming.ts";
import { watchedForming } from "../bugs/mesh/protocols/watched-forming.ts";
import { bugs } from "../bugs/registry.ts";
import { stockForming } from "../engine/mesh/forming-stock.ts";
import { enginePolicies } from "../engine/policies.ts";
import { explorables } from "../models/registry.ts";

/** A core by its name, and the worlds around it with the core in force or another. */
export interface NamedCore {
  readonly id: string;
  readonly liveness: string;
  readonly worlds: readonly ExplorableWorld[];
  readonly planted: Readonly<Record<string, readonly ExplorableWorld[]>>;
}

/**
 * Every core. Protocols that need a controller (v3, v4) are none for the mesh's environment, nor are bugs that change
 * what its shell does.
 */
export function namedCores(): readonly NamedCore[] {
  const mesh = { v0: stockForming, v1: answeredForming, v2: watchedForming, ...bugsIn("mesh", formingCoreOf) };
  const { lifecycle, fencing } = explorables;
  const isCurrent = bugsIn("coordinator", (policies) =>
    policies.isCurrent === enginePolicies.coordinator.isCurrent
      ? null
      : { ...lifecycle.core, isCurrent: policies.isCurrent },
  );
  return [
    named(explorables.mesh, mesh),
    named(lifecycle, isCurrent),
    named(
      fencing,
      bugsIn("catalog", (policies) => policies),
    ),
  ];
}

function named<C>({ id, liveness, core, worlds }: Explorable<C>, planted: Readonly<Record<string, C>>): NamedCore {
  const others = Object.entries(planted).map(([name, other]) => [name, worlds(other)] as const);
  return { id, liveness, worlds: worlds(core), planted: Object.fromEntries(others) };
}

/** The cores that bugs of one area plant, by the bug's id. */
function bugsIn<A extends keyof typeof enginePolicies, C>(
  area: A,
  coreOf: (policies: (typeof enginePolicies)[A]) => C | null,
): Record<string, C> {
  const found: Record<string, C> = {};
  for (const { id, policies } of Object.values(bugs)) {
    const core = area in policies ? coreOf(policies[area] as (typeof enginePolicies)[A]) : null;
    if (core !== null) found[id] = core;
  }
  return found;
}

function formingCoreOf({ formingCore, attempts }: MeshPolicies): MeshPolicies["formingCore"] | null {
  const { mesh } = enginePolicies;
  return formingCore === mesh.formingCore || attempts !== mesh.attempts ? null : formingCore;
}
