/** Targets of faults: roles and numbers in a plan, resolved at injection, so that every sub-plan stays valid. */
import fc, { type Arbitrary } from "fast-check";
import type { FaultWorld, Heal, LinkControls } from "../ports/controls.ts";

/** A host by its place among those that run programs; a scenario narrows it to names with `on`. */
export const anyHost: Arbitrary<string | number> = fc.nat(99);

/** Two hosts, by place among all machines or by name. */
export type Pair = { a: string | number; b: string | number };

export const anyPair: { readonly a: Arbitrary<string | number>; readonly b: Arbitrary<string | number> } = {
  a: fc.nat(99),
  b: fc.nat(99),
};

/** Turns the link from `a` to `b` (with `both`, the one back too); returns the healing of all. */
export function eachLink(
  world: FaultWorld,
  a: string | number,
  b: string | number,
  ways: "one" | "both",
  turn: (link: LinkControls) => Heal | void,
): Heal | undefined {
  const from = machineOf(world, a);
  const to = otherMachine(world, from, b);
  if (from === undefined || to === undefined) return undefined;
  const heals = [turn(world.link(from, to))];
  if (ways === "both") heals.push(turn(world.link(to, from)));
  return () => {
    for (const heal of heals) heal?.();
  };
}

function machineOf(world: FaultWorld, role: string | number): string | undefined {
  const machines = world.machines();
  if (typeof role === "string") return machines.includes(role) ? role : undefined;
  return machines.length === 0 ? undefined : machines[role % machines.length];
}

/** The machine of a role among those that are not `from`. */
function otherMachine(world: FaultWorld, from: string | undefined, role: string | number): string | undefined {
  const others = world.machines().filter((machine) => machine !== from);
  if (typeof role === "string") return others.includes(role) ? role : undefined;
  return others.length === 0 ? undefined : others[role % others.length];
}
