/**
 * Every interleaving of two writers whose answers may be lost and whose statements may land late, with somebody who merges
 * batches meanwhile: an append takes effect exactly as its writer believes. The shell's loop is written down here again
 * as a machine of single steps; what it decides by is the core itself.
 */
import { describe, expect, it } from "vitest";
import { persistPolicies, type PersistPolicies } from "../../../src/engine/persist/policies.ts";
import { decideAppend, decideMerge, emptyShard, type ShardState } from "../../../src/engine/persist/shard-state.ts";

interface Writer {
  readonly phase: "reading" | "asking" | "accepted" | "refused";
  /** The upper that its append expects; null before it has read for the first time. */
  readonly expected: number | null;
  readonly attempts: number;
}

/** A compare-and-set on its way. `to` waits for the answer, or nobody does any more. */
interface Statement {
  readonly from: number;
  readonly isAwaited: boolean;
  readonly expected: number;
  readonly next: ShardState;
}

interface Situation {
  readonly state: ShardState;
  readonly writers: readonly Writer[];
  readonly statements: readonly Statement[];
  readonly merges: number;
}

const attemptsMax = 3;

function start(): Situation {
  const writer: Writer = { phase: "reading", expected: null, attempts: 0 };
  return { state: emptyShard, writers: [writer, writer], statements: [], merges: 0 };
}

function set<T>(list: readonly T[], place: number, value: T): readonly T[] {
  return list.map((item, at) => (at === place ? value : item));
}

/** All situations that one step leads to. */
function steps(now: Situation, policies: PersistPolicies): Situation[] {
  const found: Situation[] = [];
  for (const [place, writer] of now.writers.entries()) {
    if (writer.phase === "reading") found.push(...read(now, place, policies));
    // The answer does not come: the writer reads again, and the statement may still land.
    const asked = now.statements.findIndex(({ from, isAwaited }) => from === place && isAwaited);
    if (writer.phase === "asking" && asked >= 0) {
      const statements = set(now.statements, asked, { ...now.statements[asked]!, isAwaited: false });
      found.push({ ...now, statements, writers: set(now.writers, place, { ...writer, phase: "reading" }) });
    }
  }
  for (const place of now.statements.keys()) found.push(land(now, place));
  if (now.merges < 1 && now.state.batches.length > 1) found.push(merge(now));
  return found;
}

function read(now: Situation, place: number, policies: PersistPolicies): Situation[] {
  const writer = now.writers[place]!;
  // The second writer goes on where the first one may have stopped, or competes with it.
  const expected = writer.expected ?? (place === 1 && now.state.upper === 1 ? 1 : 0);
  const mark = { writer: `w${place}`, number: 1 };
  const append = { mark, expectedUpper: expected, newUpper: 1 + place, blob: { key: `b${place}`, count: 1 } };
  const decision = decideAppend(now.state, append, policies);
  if (decision.kind === "settled") {
    const phase = decision.outcome.ok ? "accepted" : "refused";
    return [{ ...now, writers: set(now.writers, place, { ...writer, expected, phase }) }];
  }
  if (writer.attempts === attemptsMax) return [];
  const statement = { from: place, isAwaited: true, expected: now.state.sequence, next: decision.state };
  const asking: Writer = { phase: "asking", expected, attempts: writer.attempts + 1 };
  return [{ ...now, statements: [...now.statements, statement], writers: set(now.writers, place, asking) }];
}

/** The statement reaches the database; its answer, if anybody waits for it, arrives. */
function land(now: Situation, place: number): Situation {
  const { from, isAwaited, expected, next } = now.statements[place]!;
  const isDone = now.state.sequence === expected;
  const statements = now.statements.toSpliced(place, 1);
  const state = isDone ? next : now.state;
  if (!isAwaited) return { ...now, state, statements };
  const phase = isDone ? "accepted" : "reading";
  return { ...now, state, statements, writers: set(now.writers, from, { ...now.writers[from]!, phase }) };
}

function merge(now: Situation): Situation {
  const keys = now.state.batches.map(({ key }) => key);
  const { lower } = now.state.batches[0]!;
  const run = { keys, lower, upper: now.state.upper, since: lower };
  const decision = decideMerge(now.state, run, { key: `m-${keys.join("+")}`, count: keys.length });
  expect(decision.kind).toBe("propose");
  return { ...now, merges: now.merges + 1, state: decision.kind === "propose" ? decision.state : now.state };
}

/** What is wrong with a situation: how often each append is in the state, against what its writer believes. */
function problem({ state, writers, statements }: Situation): string | undefined {
  const held = state.batches.flatMap(({ key }) => key.replace("m-", "").split("+"));
  for (const [place, { phase }] of writers.entries()) {
    const count = held.filter((key) => key === `b${place}`).length;
    if (count > 1) return "twice";
    if (phase === "accepted" && count === 0) return "lost";
    if (phase === "refused" && count > 0) return "refused, but there";
    const mayLand = statements.some(({ from, expected }) => from === place && expected === state.sequence);
    if (phase === "refused" && mayLand) return "refused, but still to come";
  }
  return undefined;
}

/** Goes through all situations, or until one has the problem that is looked for. */
function explore(
  policies: PersistPolicies,
  wanted?: string,
): { readonly situations: number; readonly problems: Set<string> } {
  const seen = new Set<string>();
  const problems = new Set<string>();
  const open = [start()];
  for (let now = open.pop(); now !== undefined; now = open.pop()) {
    for (const next of steps(now, policies)) {
      const key = JSON.stringify(next);
      if (seen.has(key)) continue;
      seen.add(key);
      const found = problem(next);
      if (found === undefined) open.push(next);
      else problems.add(found);
      if (found === wanted && found !== undefined) return { situations: seen.size, problems };
    }
  }
  return { situations: seen.size, problems };
}

describe("appends with lost answers", () => {
  it("take effect exactly as their writers believe, in every interleaving", () => {
    const { situations, problems } = explore(persistPolicies);
    expect([...problems]).toEqual([]);
    expect(situations).toBeGreaterThan(1_000);
  });

  it("would not if a writer did not recognise its own append", () => {
    const policies: PersistPolicies = { ...persistPolicies, isOurs: () => false };
    expect([...explore(policies, "refused, but there").problems]).toContain("refused, but there");
  });

  it("would not if an append could go on top of any upper", () => {
    const policies: PersistPolicies = { ...persistPolicies, isOurs: () => false, mayAppend: () => true };
    expect([...explore(policies, "twice").problems]).toContain("twice");
  });
});
