/**
 * A state of the catalog's shard and of the environments that want to write to it. Plain JSON. Times and epochs only ever
 * grow by one, so only their differences matter: the smallest that is still known is one.
 */
import type { CommitState } from "../../engine/catalog/committing.ts";
import type { OpenState } from "../../engine/catalog/opening.ts";
import type { Fence, Token } from "../../engine/catalog/token.ts";

/** One compare-and-append. */
export interface Write {
  readonly upper: number;
  readonly to: number;
  readonly tokens: readonly (readonly [token: Token, diff: number])[];
  /** Content is written under this token; null when the write holds none. */
  readonly contentUnder: Token | null;
  /** Of the environment that writes. */
  readonly generation: number;
}

/** What the shard holds. */
export interface Shard {
  readonly upper: number;
  /** Tokens by how often they are there. */
  readonly tokens: readonly (readonly [token: Token, count: number])[];
  readonly largest: Token | null;
  /** Newest generation that wrote content: its content version. */
  readonly contentVersion: number;
  /** What somebody has not read yet. */
  readonly log: readonly Write[];
}

/** A write whose outcome its process does not know yet. */
export interface Pending {
  readonly write: Write;
  /** Copies under way. */
  readonly copies: number;
  /** The shard holds it, and says so to whoever looks. */
  readonly isApplied: boolean;
  /** On its way back. */
  readonly answer: "written" | "mismatch" | null;
}

export interface Member {
  readonly generation: number;
  readonly life: "down" | "opening" | "open" | "gone";
  readonly open: OpenState;
  readonly commit: CommitState | null;
  readonly pending: Pending | null;
  /** Read and applied up to here. */
  readonly upper: number;
  readonly fence: Fence | null;
  /** Writes of content still to be made. */
  readonly todo: number;
}

export interface State {
  readonly shard: Shard;
  readonly members: readonly Member[];
  /** Writes of processes that died since, which can still arrive. */
  readonly orphans: readonly Write[];
  /** What was done that must not be: the property, and what it was. */
  readonly problem: readonly [property: string, message: string] | null;
}

/** The same state with another member in a place. */
export function withMember(state: State, index: number, member: Member): State {
  return { ...state, members: state.members.map((other, place) => (place === index ? member : other)) };
}

/** The token that an environment got; null before. */
export function tokenOf({ open }: Member): Token | null {
  return open.step === "opened" ? open.token : null;
}

/** The same state as all that differ from it in nothing that matters. */
export function settled(state: State): State {
  const { shard } = state;
  const readers = state.members.filter(({ life }) => life === "open").map(({ upper }) => upper);
  const log = shard.log.filter(({ to }) => readers.some((upper) => upper < to));
  // What comes too late for its upper is refused, and nobody is there to hear that.
  const orphans = state.orphans.filter(({ upper }) => upper >= shard.upper);
  return shifted({ ...state, shard: { ...shard, log }, orphans });
}

function isTime(name: string): boolean {
  return name === "upper" || name === "to" || name === "ts";
}

/** Moves all times and epochs so that the smallest is one. */
function shifted(state: State): State {
  let time = Infinity;
  let epoch = Infinity;
  each(state, (name, value) => {
    if (name === "epoch" && value > 0) epoch = Math.min(epoch, value);
    else if (isTime(name) && value > 0) time = Math.min(time, value);
  });
  const moved = (name: string, value: number): number => {
    if (value === 0) return 0;
    return name === "epoch" ? value - epoch + 1 : isTime(name) ? value - time + 1 : value;
  };
  return epoch <= 1 && time <= 1 ? state : changed(state, moved);
}

function each(part: object, visit: (name: string, value: number) => void): void {
  for (const name in part) {
    const inner = (part as Readonly<Record<string, unknown>>)[name];
    if (typeof inner === "number") visit(name, inner);
    else if (typeof inner === "object" && inner !== null) each(inner, visit);
  }
}

function changed<T extends object>(part: T, change: (name: string, value: number) => number): T {
  const copy: Record<string, unknown> = Array.isArray(part) ? ([] as never) : {};
  for (const name in part) {
    const inner: unknown = part[name];
    if (typeof inner === "number") copy[name] = change(name, inner);
    else copy[name] = typeof inner === "object" && inner !== null ? changed(inner, change) : inner;
  }
  return copy as T;
}
