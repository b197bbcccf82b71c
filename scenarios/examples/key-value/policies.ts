/**
 * The decisions that keep the store right. Each is small, each looks as if it could be made the other way round, and
 * `bugs.ts` does just that.
 */
import { hasChecksum, type LogRecord } from "./log.ts";
import type { Mutation, Reply } from "./protocol.ts";
import type { Turns } from "./turns.ts";

/** A change of a session and what it is answered with, once that is known. */
export interface Answer {
  readonly number: number;
  readonly reply: Promise<Reply>;
}

/** What a request is to its session: to be performed, performed before, or older than what was performed last. */
export type Fate = "new" | "repeated" | "stale";

type Step = () => Promise<void>;

export interface Policies {
  /** How a new incarnation begins. */
  readonly start: (steps: { readonly ownPort: Step; readonly recover: Step }) => Promise<void>;
  /** Which lines of the log recovery believes. */
  readonly isWhole: (line: string) => boolean;
  /** What recovery does to the end of the log before anyone may read from it. */
  readonly settleTail: (steps: { readonly cut: Step; readonly sync: Step }) => Promise<void>;
  /** In which order recovery performs what it read. */
  readonly replayOrder: (records: readonly LogRecord[]) => readonly LogRecord[];
  /** What a new incarnation knows of the sessions, given what the log says. */
  readonly knownSessions: (logged: Map<string, Answer>) => Map<string, Answer>;
  /** In which queue a change waits for its turn. */
  readonly queueFor: (mutation: Mutation, shared: Turns) => Turns;
  readonly fateOf: (number: number, last: Answer | undefined) => Fate;
  /** Ends a turn. */
  readonly passTurn: (turns: Turns, fate: Fate) => void;
  /** How a change that was appended becomes visible and is answered. */
  readonly finish: (steps: { readonly durable: Step; readonly apply: () => Reply }) => Promise<Reply>;
}

export const policies: Policies = {
  // The predecessor may still be alive and writing; only who has the port may touch the log.
  start: async ({ ownPort, recover }) => {
    await ownPort();
    await recover();
  },
  isWhole: hasChecksum,
  // The predecessor may have died between append and sync: its last lines are in the page cache alone.
  settleTail: async ({ cut, sync }) => {
    await cut();
    await sync();
  },
  replayOrder: (records) => records,
  knownSessions: (logged) => logged,
  // Two attempts of one request must not both find that it is new.
  queueFor: (_mutation, shared) => shared,
  fateOf: (number, last) => {
    if (last === undefined || number > last.number) return "new";
    return number === last.number ? "repeated" : "stale";
  },
  passTurn: (turns) => turns.pass(),
  // Nobody sees a change, and nobody is told of it, before it is durable.
  finish: async ({ durable, apply }) => {
    await durable();
    return apply();
  },
};
