/** Explorations as the JSON document of `documents.ts`. */
import type { ExploreDocument } from "./documents.ts";
import { coverageOf, violatedWorld, type ExploredCore } from "./explored.ts";

/** The document of cores that were explored. `name` is what was asked for. */
export function exploreDocument(name: string, cores: readonly ExploredCore[], exitCode: number): ExploreDocument {
  const worlds = cores.flatMap(({ core, worlds: of }) => of.map((world) => ({ core, world })));
  const sum = (count: (world: (typeof worlds)[number]["world"]) => number): number =>
    worlds.reduce((total, { world }) => total + count(world), 0);
  const coverage = cores.map(coverageOf);
  return {
    schemaVersion: 1,
    ok: exitCode === 0,
    exitCode,
    core: name,
    planted: cores.find(({ planted }) => planted !== null)?.planted ?? null,
    states: sum((world) => world.states),
    transitions: sum((world) => world.transitions),
    complete: cores.every(({ isInterrupted }) => !isInterrupted) && worlds.every(({ world }) => world.isComplete),
    violation: cores.map(violationOf).find((violation) => violation !== null) ?? null,
    coreTransitions: {
      covered: coverage.reduce((total, { covered }) => total + covered, 0),
      never: coverage.flatMap(({ never }) => never),
    },
    worlds: worlds.map(({ core, world }) => ({
      core,
      title: world.title,
      states: world.states,
      transitions: world.transitions,
      depth: world.depth,
      wallSeconds: Math.round(world.wallMicros) / 1_000_000,
      complete: world.isComplete,
      worstSteps: world.worst,
      furthestSteps: world.furthest,
    })),
  };
}

function violationOf(explored: ExploredCore): ExploreDocument["violation"] {
  const violated = violatedWorld(explored);
  if (violated === null) return null;
  const { kind, property, message, prefix, cycle } = violated.violation;
  return {
    core: explored.core,
    world: violated.title,
    kind,
    property,
    message,
    prefix: [...prefix],
    cycle: [...cycle],
  };
}
