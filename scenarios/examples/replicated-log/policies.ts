/**
 * The decisions that keep the log right. Each is small, each looks as if it could be made the other way round, and
 * `bugs.ts` does just that.
 */
import type { Disk } from "wavetank";
import { hasChecksum } from "./lines.ts";
import type { Entry } from "./messages.ts";
import { termAt, type Progress } from "./state.ts";
import { safeLease, timing } from "./timing.ts";

export interface Policies {
  /** Puts term and vote on the disk; resolves when they may be answered for. */
  readonly saveVote: (disk: Disk, file: string, vote: { term: number; votedFor: string | null }) => Promise<void>;
  /** Resolves when what was appended to the log may be answered for. */
  readonly forceLog: (disk: Disk, file: string) => Promise<void>;
  /** Which lines of the log recovery believes. */
  readonly isWhole: (line: string) => boolean;
  /** Until when a replica that starts now votes for nobody, whatever it has promised before. */
  readonly promisedAtStart: (now: number) => number;
  /** How long a leader counts on a promise, from the moment it asked. */
  readonly leaseLength: () => number;
  /** Whether a leader answers a read. */
  readonly mayAnswerRead: (holdsLease: boolean) => boolean;
  /** How much of the log stays when a leader sends entries that follow on the first `after`. */
  readonly keptOf: (log: readonly Entry[], after: number, entries: readonly Entry[]) => number;
  /** Whether an entry that a majority has is committed, in the term of the leader. */
  readonly mayCommit: (entryTerm: number, leaderTerm: number) => boolean;
  /** What a leader knows of a follower when entries for it got lost. */
  readonly afterLoss: (progress: Progress) => Progress;
  /** Whether a request is in the list already. */
  readonly isRepeat: (positions: ReadonlyMap<string, number>, request: string) => boolean;
}

export const policies: Policies = {
  saveVote: (disk, file, vote) => disk.write(file, vote),
  forceLog: (disk, file) => disk.sync(file),
  isWhole: hasChecksum,
  promisedAtStart: (now) => now + timing.promise,
  leaseLength: () => safeLease(timing.promise),
  mayAnswerRead: (holdsLease) => holdsLease,
  keptOf: (log, after, entries) => {
    const conflict = entries.findIndex(({ term }, place) => {
      const index = after + place + 1;
      return index <= log.length && termAt(log, index) !== term;
    });
    return conflict < 0 ? log.length : after + conflict;
  },
  mayCommit: (entryTerm, leaderTerm) => entryTerm === leaderTerm,
  afterLoss: (progress) => ({ ...progress, isBusy: false }),
  isRepeat: (positions, request) => positions.has(request),
};
