/** All interleavings of environments that open one catalog and write to it; reads and appends are the atomic steps. */
import { beginCommit, nextCommit, type CommitState } from "../../../src/engine/catalog/committing.ts";
import { nextOpen, openStart, type OpenState } from "../../../src/engine/catalog/opening.ts";
import type { CatalogPolicies } from "../../../src/engine/catalog/policies.ts";
import { compareTokens, fenceBy, largestToken, type Fence, type Token } from "../../../src/engine/catalog/token.ts";

interface Written {
  readonly by: number;
  /** Token changes, or content under a token. */
  readonly tokens: readonly (readonly [Token, number])[];
  readonly contentUnder: Token | null;
  readonly upper: number;
}

interface Opener {
  readonly generation: number;
  readonly open: OpenState;
  readonly commit: CommitState | null;
  readonly upper: number;
  readonly fence: Fence | null;
  /** Writes still to be made: `content`, or `empty` ones that move the upper. */
  readonly todo: readonly ("content" | "empty")[];
  readonly refusedBy: string | null;
}

interface World {
  readonly upper: number;
  readonly log: readonly Written[];
  readonly openers: readonly Opener[];
}

export interface Exploration {
  readonly states: number;
  readonly violations: ReadonlySet<string>;
  /** How openers ended in the final states: `generation: end`. */
  readonly ends: ReadonlySet<string>;
}

export const stateLimit = 400_000;

/**
 * Explores every interleaving of openers of these generations, each making the same writes once it is open; stops early
 * at the violation `until`.
 */
export function explore(
  generations: readonly number[],
  todo: Opener["todo"],
  policies: CatalogPolicies,
  until?: string,
): Exploration {
  const start: World = {
    upper: 1,
    log: [],
    openers: generations.map((generation) => ({
      generation,
      open: openStart,
      commit: null,
      upper: 0,
      fence: null,
      todo,
      refusedBy: null,
    })),
  };
  const seen = new Set<string>([JSON.stringify(start)]);
  const stack = [start];
  const violations = new Set<string>();
  const ends = new Set<string>();
  while (stack.length > 0 && seen.size < stateLimit && !(until !== undefined && violations.has(until))) {
    const world = stack.pop()!;
    let isFinal = true;
    for (let index = 0; index < world.openers.length; index++) {
      const after = step(world, index, policies);
      if (after === null) continue;
      isFinal = false;
      const key = JSON.stringify(after);
      if (seen.has(key)) continue;
      seen.add(key);
      for (const violation of judge(after)) violations.add(violation);
      stack.push(after);
    }
    if (!isFinal) continue;
    for (const { generation, refusedBy } of world.openers) ends.add(`${generation}: ${refusedBy ?? "done"}`);
  }
  return { states: seen.size, violations, ends };
}

function tokensOf(world: World): [Token, number][] {
  const counts = new Map<string, [Token, number]>();
  for (const [token, diff] of world.log.flatMap(({ tokens }) => tokens)) {
    const key = `${token.generation}/${token.epoch}`;
    const counted = counts.get(key) ?? [token, 0];
    counts.set(key, [token, counted[1] + diff]);
  }
  return [...counts.values()].filter(([, count]) => count !== 0);
}

function* judge(world: World): Iterable<string> {
  const last = world.log.at(-1);
  if (last === undefined) return;
  const tokens = tokensOf(world);
  if (tokens.length !== 1 || tokens[0]![1] !== 1) yield "not exactly one token";
  const inserted = world.log.flatMap(({ tokens: changes }) =>
    changes.filter(([, diff]) => diff > 0).map(([token]) => token),
  );
  for (let index = 1; index < inserted.length; index++) {
    if (compareTokens(inserted[index]!, inserted[index - 1]!) <= 0) yield "tokens do not increase";
  }
  const before = world.log.slice(0, -1).flatMap(({ tokens: changes }) => changes.map(([token]) => token));
  const largest = largestToken(before);
  if (last.contentUnder !== null && largest !== null && compareTokens(last.contentUnder, largest) < 0) {
    yield "content under a smaller token";
  }
  for (const { generation, fence } of world.openers) {
    if (fence?.by !== "epoch") continue;
    const writer = world.log.find(({ tokens: changes }) =>
      changes.some(([token, diff]) => diff > 0 && compareTokens(token, fence.seen) === 0),
    );
    if (world.openers[writer!.by]!.generation > generation) yield "fenced by epoch, though by a higher generation";
  }
}

function step(world: World, index: number, policies: CatalogPolicies): World | null {
  const opener = world.openers[index]!;
  const context = { generation: opener.generation, version: 1, policies };
  if (opener.refusedBy !== null) return null;
  const { open } = opener;
  if (open.step === "read") {
    const tokens = tokensOf(world)
      .filter(([, count]) => count > 0)
      .map(([token]) => token);
    const next = nextOpen(open, { kind: "read", view: { upper: world.upper, tokens, contentVersion: 1 } }, context);
    return replaced(world, index, { ...opener, open: next, refusedBy: refusalOf(next) });
  }
  if (open.step === "append") {
    if (world.upper !== open.upper) {
      const next = nextOpen(open, { kind: "mismatch" }, context);
      return replaced(world, index, { ...opener, open: next, refusedBy: refusalOf(next) });
    }
    const next = nextOpen(open, { kind: "written" }, context);
    const tokens = open.writes[0]!.map(([entry, diff]) => [entry.value as unknown as Token, diff] as const);
    const log = [...world.log, { by: index, tokens, contentUnder: null, upper: world.upper + 1 }];
    return replaced({ ...world, upper: world.upper + 1, log }, index, {
      ...opener,
      open: next,
      upper: world.upper + 1,
    });
  }
  if (open.step !== "opened") return null;
  return write(world, index, opener, open.token, policies);
}

function write(world: World, index: number, opener: Opener, token: Token, policies: CatalogPolicies): World | null {
  const { commit } = opener;
  if (commit === null || commit.step === "late") {
    if (opener.todo.length === 0) return null;
    const ts = commit === null ? opener.upper : commit.upper;
    return replaced(world, index, settled(opener, beginCommit(opener.upper, ts, opener.fence, policies)));
  }
  if (commit.step === "append") {
    if (world.upper !== commit.upper) {
      return replaced(world, index, settled(opener, nextCommit(commit, { kind: "mismatch" }, policies)));
    }
    const upper = commit.ts + 1;
    const written = { by: index, tokens: [], contentUnder: opener.todo[0] === "content" ? token : null, upper };
    const next = settled(opener, nextCommit(commit, { kind: "written", fence: opener.fence }, policies));
    return replaced({ ...world, upper, log: [...world.log, written] }, index, { ...next, upper });
  }
  if (commit.step === "sync") {
    const news = world.log.filter(({ upper }) => upper > opener.upper);
    const met = news
      .flatMap(({ tokens }) => tokens.filter(([, diff]) => diff > 0).map(([seen]) => fenceBy(token, seen)))
      .filter((fence) => fence !== null);
    const fence = opener.fence ?? policies.reportedFence(met);
    const hasContent = news.some(({ contentUnder }) => contentUnder !== null);
    const next = nextCommit(commit, { kind: "synced", upper: world.upper, fence, hasContent }, policies);
    return replaced(world, index, settled({ ...opener, fence, upper: world.upper }, next));
  }
  return null;
}

function settled(opener: Opener, commit: CommitState): Opener {
  if (commit.step === "done") return { ...opener, commit: null, todo: opener.todo.slice(1) };
  if (commit.step !== "refused") return { ...opener, commit };
  const { refusal } = commit;
  return { ...opener, commit, refusedBy: refusal.kind === "fenced" ? `fenced by ${refusal.fence.by}` : refusal.kind };
}

function refusalOf(open: OpenState): string | null {
  if (open.step !== "refused") return null;
  const { refusal } = open;
  return refusal.kind === "fenced" ? `fenced by ${refusal.fence.by}` : refusal.kind;
}

function replaced(world: World, index: number, opener: Opener): World {
  return { ...world, openers: world.openers.map((other, place) => (place === index ? opener : other)) };
}
