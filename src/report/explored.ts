/** What exploring a core came to: data of `wavetank explore`. */

/** A story that breaks what must hold: finite, or going round for ever when `cycle` is not empty. */
export interface ExploredViolation {
  readonly kind: "safety" | "liveness";
  readonly property: string;
  readonly message: string;
  readonly prefix: readonly string[];
  readonly cycle: readonly string[];
}

/** One world around a core. */
export interface ExploredWorld {
  readonly title: string;
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly wallMicros: number;
  readonly isComplete: boolean;
  readonly violation: ExploredViolation | null;
  readonly covered: readonly string[];
  readonly uncovered: readonly string[];
  /** Most steps to the goal in any order, and by the shortest way; null where unknown. */
  readonly worst: number | null;
  readonly furthest: number | null;
}

/** A core in all of its worlds, or in those up to the first violation. */
export interface ExploredCore {
  readonly core: string;
  /** Name of what stood in the place of the core in force; null when that was explored. */
  readonly planted: string | null;
  readonly liveness: string;
  readonly worlds: readonly ExploredWorld[];
  readonly isInterrupted: boolean;
}

/** The core's transitions: taken in some world, and in none though they are on its list. */
export function coverageOf({ worlds }: ExploredCore): { readonly covered: number; readonly never: readonly string[] } {
  const covered = new Set(worlds.flatMap((world) => world.covered));
  const listed = new Set(worlds.flatMap((world) => world.uncovered));
  return { covered: covered.size, never: [...listed].filter((name) => !covered.has(name)) };
}

/** The world in which something is wrong. */
export function violatedWorld({ worlds }: ExploredCore): (ExploredWorld & { violation: ExploredViolation }) | null {
  for (const world of worlds) if (world.violation !== null) return { ...world, violation: world.violation };
  return null;
}
