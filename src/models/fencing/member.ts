/**
 * An environment around the catalog's cores, step by step, as `engine/catalog/catalog.ts` is. Reads are atomic; an append
 * is a request that arrives, and an answer that does; a process without one looks into the shard, where its mark is.
 */
import type { CommitState } from "../../engine/catalog/committing.ts";
import { beginCommit, nextCommit } from "../../engine/catalog/committing.ts";
import { nextOpen, openStart, type OpenEvent, type OpenState } from "../../engine/catalog/opening.ts";
import type { CatalogPolicies } from "../../engine/catalog/policies.ts";
import { fenceBy, type Token } from "../../engine/catalog/token.ts";
import { news, tokensIn } from "./shard.ts";
import { tokenOf, withMember, type Member, type Pending, type State } from "./state.ts";

/** A step of one environment: the state after it, and the core's transitions on the way. */
export type Stepped = readonly [state: State, covers: readonly string[]];

/** A member before its first life. */
export function newMember(generation: number): Member {
  return { generation, life: "down", open: openStart, commit: null, pending: null, upper: 0, fence: null, todo: 0 };
}

/** Begins to open. */
export function started(state: State, index: number, todo: number): Stepped {
  return [withMember(state, index, { ...newMember(state.members[index]!.generation), life: "opening", todo }), []];
}

/** An event of the opening core. */
export function opening(state: State, index: number, event: OpenEvent, policies: CatalogPolicies): Stepped {
  const member = state.members[index]!;
  const { generation } = member;
  const open = nextOpen(member.open, event, { generation, version: generation, policies });
  const covers = [
    `open: ${member.open.step}, ${event.kind} → ${open.step === "refused" ? open.refusal.kind : open.step}`,
  ];
  const after = withMember(state, index, { ...member, open, pending: null });
  if (open.step === "refused") return [ended(after, index, open.refusal.kind, refusedFor(state, open)), covers];
  if (open.step === "append") return [withMember(after, index, sent({ ...member, open }, state)), covers];
  return [after, covers];
}

/** The generation whose token refuses; 0 when none does. */
function refusedFor({ shard }: State, open: OpenState & { readonly step: "refused" }): number {
  return open.refusal.kind === "fenced" ? open.refusal.fence.seen.generation : (shard.largest?.generation ?? 0);
}

/** Reads what it has opened: from then on it leads, unless somebody else does already. */
export function begun(state: State, index: number, policies: CatalogPolicies): Stepped {
  const member = state.members[index]!;
  const own = tokenOf(member)!;
  const open: OpenState = { step: "opened", token: own, previous: null, upper: 0 };
  const met = tokensIn(state.shard).map((token) => fenceBy(own, token));
  const fence = policies.reportedFence(met.filter((each) => each !== null));
  const after: Member = { ...member, open, life: "open", upper: state.shard.upper, fence };
  const next = withMember(state, index, after);
  return [fence === null ? next : fenced(next, index, fence.seen, fence.seen.generation), []];
}

/** Begins a write of content at the time that it has read up to. */
export function writing(state: State, index: number, policies: CatalogPolicies): Stepped {
  const member = state.members[index]!;
  const commit = beginCommit(member.upper, member.upper, member.fence, policies);
  return committed(state, index, commit, `commit: begin → ${nameOf(commit)}`);
}

/** An event of the committing core: the answer to an append. */
export function answered(
  state: State,
  index: number,
  kind: "written" | "mismatch",
  policies: CatalogPolicies,
): Stepped {
  const member = state.members[index]!;
  if (member.life === "opening") return opening(state, index, { kind }, policies);
  const commit = nextCommit(member.commit!, kind === "written" ? { kind, fence: member.fence } : { kind }, policies);
  const upper = kind === "written" ? member.pending!.write.to : member.upper;
  const after = withMember(state, index, { ...member, pending: null, upper });
  return committed(after, index, commit, `commit: append, ${kind} → ${nameOf(commit)}`);
}

/** Reads to the end: for a write that met somebody else's, or to confirm that it leads. */
export function synced(state: State, index: number, policies: CatalogPolicies): Stepped {
  const member = state.members[index]!;
  const { fence: met, hasContent, writer } = news(state, member, policies);
  const fence = member.fence ?? met;
  const { upper } = state.shard;
  const after = withMember(state, index, { ...member, upper, fence });
  if (member.commit === null) {
    if (fence !== null && !policies.mayAppend(fence)) return [fenced(after, index, fence.seen, writer), []];
    return [hasContent ? ended(after, index, "out-of-sync", 0) : after, []];
  }
  const commit = nextCommit(member.commit, { kind: "synced", upper, fence, hasContent }, policies);
  const name = `commit: sync, synced → ${nameOf(commit)}`;
  if (commit.step === "refused" && commit.refusal.kind === "fenced") {
    return [fenced(after, index, commit.refusal.fence.seen, writer), [name]];
  }
  return committed(after, index, commit, name);
}

function committed(state: State, index: number, commit: CommitState, name: string): Stepped {
  const member = state.members[index]!;
  switch (commit.step) {
    case "append":
      return [withMember(state, index, sent({ ...member, commit }, state)), [name]];
    case "sync":
      return [withMember(state, index, { ...member, commit }), [name]];
    case "done":
      return [withMember(state, index, { ...member, commit: null, todo: member.todo - 1 }), [name]];
    case "late":
      return [withMember(state, index, { ...member, commit: null }), [name]];
    case "refused":
      return [ended(state, index, commit.refusal.kind, 0), [name]];
  }
}

function nameOf(commit: CommitState): string {
  return commit.step === "refused" ? commit.refusal.kind : commit.step;
}

/** The append that its core asks for is on its way. */
function sent(member: Member, { shard }: State): Member {
  const { open, commit, generation } = member;
  const pending: Omit<Pending, "write"> = { copies: 1, isApplied: false, answer: null };
  if (commit?.step === "append") {
    const write = { upper: commit.upper, to: commit.ts + 1, tokens: [], contentUnder: tokenOf(member), generation };
    return { ...member, pending: { ...pending, write } };
  }
  if (open.step !== "append") return member;
  const tokens = open.writes[0]!.map(([entry, diff]) => [entry.value as unknown as Token, diff] as const);
  // One that is computed on what is not there any more will be refused; that is the store's affair.
  const upper = Math.min(open.upper, shard.upper);
  return {
    ...member,
    pending: { ...pending, write: { upper, to: upper + 1, tokens, contentUnder: null, generation } },
  };
}

/** The process ends because of a token. `writer`: whose it is. */
function fenced(state: State, index: number, seen: Token, writer: number): State {
  const { generation } = state.members[index]!;
  return ended(state, index, seen.generation > generation ? "fenced-by-generation" : "fenced-by-epoch", writer);
}

/** What became of a process, and whether that is what the orchestrator should hear (S-FEN-4). */
function ended(state: State, index: number, reason: string, writer: number): State {
  const { generation } = state.members[index]!;
  const saysSo = reason === "fenced" || reason === "fenced-by-generation";
  const what = `generation ${generation} ends with "${reason}"`;
  const problem: State["problem"] =
    writer > generation && !saysSo
      ? ["S-FEN-4", `${what}, though generation ${writer} replaced it`]
      : writer <= generation && saysSo
        ? ["S-FEN-4", `${what}, though nobody replaced it`]
        : null;
  const life = saysSo ? "gone" : "down";
  const member: Member = { ...newMember(generation), life };
  return { ...withMember(state, index, member), problem: state.problem ?? problem };
}
