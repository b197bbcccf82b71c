/**
 * The catalog between environments of several generations. Any of them dies and comes back at any point; requests and
 * answers are lost, or arrive after their process is gone. Assumed: one process of each generation at a time (two of one
 * would fence each other in turn for ever), an orchestrator that restarts what ends for any reason but a higher
 * generation, and a catalog that each life writes to a few times, then only reads.
 */
import type { CatalogPolicies } from "../../engine/catalog/policies.ts";
import type { Model, Transition } from "../../explore/model.ts";
import { compareTokens } from "../../engine/catalog/token.ts";
import { answered, begun, newMember, opening, started, synced, writing, type Stepped } from "./member.ts";
import { landed, tokensIn } from "./shard.ts";
import { settled, tokenOf, withMember, type Member, type State } from "./state.ts";

export interface FencingModelOptions {
  readonly title: string;
  readonly policies: CatalogPolicies;
  readonly generations: readonly number[];
  /** Contents that each life writes. */
  readonly writes: number;
}

type Step = Transition<State, string>;

/** Transitions of the two cores that can happen while every version is as high as its generation. */
const transitions: readonly string[] = [
  "commit: append, mismatch → sync",
  "commit: append, written → done",
  "commit: begin → append",
  "commit: sync, synced → fenced",
  "open: append, mismatch → read",
  "open: append, written → opened",
  "open: read, read → append",
  "open: read, read → fenced",
];

/** Environments of these generations, none of which is up yet, over a catalog that is empty. */
export function fencingModel({ title, policies, generations, writes }: FencingModelOptions): Model<State, string> {
  const initial: State = {
    shard: { upper: 1, tokens: [], largest: null, contentVersion: 0, log: [] },
    members: generations.map(newMember),
    orphans: [],
    problem: null,
  };
  return {
    title,
    initial: [initial],
    enabled: (state) => [
      ...state.members.flatMap((_, index) => steps(state, index, policies, writes)),
      ...state.orphans.map((write, place): Step => {
        const orphans = state.orphans.filter((_other, other) => other !== place);
        const [after] = landed({ ...state, orphans }, write);
        return ordinary(
          `the last write of a dead process of generation ${write.generation} arrives`,
          [after, []],
          null,
        );
      }),
    ],
    key: (state) => JSON.stringify(state),
    properties: [
      {
        id: "S-FEN",
        doc: "Tokens increase (1), one is durable (2), nothing below it is written any more (3), ends say why (4).",
        problem: ({ problem }) => (problem === null ? null : `${problem[0]}: ${problem[1]}`),
      },
    ],
    goal: { id: "L-FEN", doc: "the newest generation leads, and the others are gone", isReached: isLed },
    coreTransitions: transitions,
    describe: (move) => move,
  };
}

function isLed({ members, shard }: State): boolean {
  const newest = members.reduce((best, member) => (member.generation > best.generation ? member : best));
  const token = tokenOf(newest);
  return (
    members.every((member) => (member === newest ? member.life === "open" : member.life === "gone")) &&
    newest.todo === 0 &&
    tokensIn(shard).every((durable) => compareTokens(durable, token!) === 0)
  );
}

function steps(state: State, index: number, policies: CatalogPolicies, writes: number): readonly Step[] {
  const member = state.members[index]!;
  const who = `generation ${member.generation}`;
  const { life, open, commit, pending } = member;
  if (life === "gone") return [];
  if (life === "down") return [ordinary(`${who} starts`, started(state, index, writes), index)];
  const found: Step[] = [];
  if (pending !== null) found.push(...pendingSteps(state, index, member, policies));
  else if (open.step === "read") {
    const { upper, contentVersion } = state.shard;
    const view = { upper, tokens: tokensIn(state.shard), contentVersion };
    found.push(ordinary(`${who} reads, to open`, opening(state, index, { kind: "read", view }, policies), index));
  } else if (life === "opening")
    found.push(ordinary(`${who} reads what it opened`, begun(state, index, policies), index));
  else if (commit?.step === "sync")
    found.push(ordinary(`${who} reads to the end`, synced(state, index, policies), index));
  else {
    if (member.todo > 0) found.push(ordinary(`${who} begins a write`, writing(state, index, policies), index));
    if (member.upper < state.shard.upper) {
      found.push(ordinary(`${who} looks whether it leads`, synced(state, index, policies), index));
    }
  }
  found.push(fault(`FAULT ${who} crashes`, crashed(state, index)));
  return found;
}

/** What happens to an append under way. */
function pendingSteps(state: State, index: number, member: Member, policies: CatalogPolicies): readonly Step[] {
  const { copies, isApplied, answer, write } = member.pending!;
  const who = `generation ${member.generation}`;
  const withPending = (from: State, changes: Partial<NonNullable<Member["pending"]>>): State =>
    withMember(from, index, { ...member, pending: { ...member.pending!, ...changes } });
  const found: Step[] = [];
  if (copies > 0) {
    const [after, isTaken] = landed(state, write);
    const result = isTaken || isApplied ? "written" : "mismatch";
    const next = withPending(after, { copies: copies - 1, isApplied: isTaken || isApplied, answer: answer ?? result });
    found.push(ordinary(`a write of ${who} ${isTaken ? "becomes durable" : "is refused"}`, [next, []], 64 + index));
    found.push(fault(`FAULT a write of ${who} is lost`, withPending(state, { copies: copies - 1 })));
  }
  if (answer !== null) {
    found.push(ordinary(`${who} hears "${answer}"`, orphaned(answered(state, index, answer, policies), member), index));
    found.push(fault(`FAULT the answer to ${who} is lost`, withPending(state, { answer: null })));
    return found;
  }
  if (copies > 1) return found;
  const nature = copies > 0 ? "untimely" : "ordinary";
  const isRepeated = !isApplied && write.upper === state.shard.upper;
  const looked: Stepped = isRepeated
    ? [withPending(state, { copies: copies + 1 }), []]
    : orphaned(answered(state, index, isApplied ? "written" : "mismatch", policies), member);
  const what = isRepeated ? "and writes again" : isApplied ? "and its write is there" : "and another's is there";
  return [...found, { ...ordinary(`${who} looks into the shard, ${what}`, looked, index), nature }];
}

/** Copies that are under way when the process knows enough can still arrive. */
function orphaned([state, covers]: Stepped, { pending }: Member): Stepped {
  const { copies, write } = pending!;
  return [{ ...state, orphans: [...state.orphans, ...Array.from({ length: copies }, () => write)] }, covers];
}

function crashed(state: State, index: number): State {
  const member = state.members[index]!;
  const after = withMember(state, index, newMember(member.generation));
  return member.pending === null ? after : orphaned([after, []], member)[0];
}

function ordinary(move: string, [next, covers]: Stepped, actor: number | null): Step {
  return { move, next: settled(next), nature: "ordinary", covers, actor };
}

function fault(move: string, next: State): Step {
  return { move, next: settled(next), nature: "fault", covers: [], actor: null };
}
