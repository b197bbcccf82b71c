/** Bugs that systems like this one have had. Each makes one decision of `policies.ts` the other way round. */
import { defineBug } from "wavetank";
import type { Policies } from "./policies.ts";
import { timing } from "./timing.ts";

export const vote = defineBug<Policies>({
  id: "RL-VOTE",
  title: "A vote is answered at once, and written half a second later.",
  source: "Raft, figure 2: persistent state is updated before responding; here it is written behind.",
  breaks: "RL-1",
  policies: {
    saveVote: async (disk, file, vote) => {
      setTimeout(() => void disk.write(file, vote).catch((error: unknown) => error), 500);
    },
  },
});

export const lease = defineBug<Policies>({
  id: "RL-LEASE",
  title: "A leader counts on a promise for as long as it was given, by its own clock.",
  source: "Leases without a margin for clocks that run at different rates.",
  breaks: "RL-5",
  policies: { leaseLength: () => timing.promise },
});

export const forget = defineBug<Policies>({
  id: "RL-FORGET",
  title: "A replica that was restarted votes at once: it has forgotten what it promised.",
  source: "A promise kept in memory, beside durable votes.",
  breaks: "RL-5",
  policies: { promisedAtStart: (now) => now },
});

export const stale = defineBug<Policies>({
  id: "RL-STALE",
  title: "Whoever takes itself for the leader answers reads.",
  source: "A deposed leader does not know it: stale reads behind a partition or after a pause.",
  breaks: "RL-4",
  policies: { mayAnswerRead: () => true },
});

export const torn = defineBug<Policies>({
  id: "RL-TORN",
  title: "Recovery believes the last line without its checksum.",
  source: "Torn write: half a record looks like one.",
  breaks: "RL-2",
  policies: { isWhole: (line) => line.split("|").length === 4 },
});

export const commit = defineBug<Policies>({
  id: "RL-COMMIT",
  title: "An entry of an older term counts as committed as soon as a majority has it.",
  source: "Raft, figure 8: such an entry can still be outvoted.",
  breaks: "RL-2",
  policies: { mayCommit: () => true },
});

export const retry = defineBug<Policies>({
  id: "RL-RETRY",
  title: "A request that is sent again is appended again.",
  source: "No exactly-once: the answer was lost, not the request.",
  breaks: "RL-3",
  policies: { isRepeat: () => false },
});

export const order = defineBug<Policies>({
  id: "RL-ORDER",
  title: "A message from the leader is taken for its latest: what is behind its entries is cut off.",
  source: "Reordering assumed away: a message that comes late truncates what newer ones brought.",
  breaks: "RL-2",
  policies: { keptOf: (_log, after) => after },
});

export const sync = defineBug<Policies>({
  id: "RL-SYNC",
  title: "Entries are acknowledged while they are in the page cache.",
  source: "Lost durability: an append is taken for a write that survives.",
  breaks: "RL-2",
  policies: { forceLog: async () => undefined },
});

export const wake = defineBug<Policies>({
  id: "RL-WAKE",
  title: "After a lost connection a leader waits for ever for the answer that was on it.",
  source: "Lost wake-up: heartbeats go on, so nobody notices.",
  breaks: "stuck",
  policies: { afterLoss: (progress) => progress },
});

export const bugs = [vote, lease, forget, stale, torn, commit, retry, order, sync, wake];
