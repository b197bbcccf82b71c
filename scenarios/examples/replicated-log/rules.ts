/** What must hold whatever breaks, of those who lead and of what they apply; `log-rule.ts` and `history-rule.ts` go on. */
import { defineInvariant } from "wavetank";
import type { Seen } from "./observations.ts";

export const oneLeader = defineInvariant<Map<number, string>, Seen>({
  id: "RL-1",
  doc: "A term has one leader at most, a replica that was started again being another.",
  state: () => new Map(),
  on: {
    "leader.elected": (leaders, { term, replica }) => {
      const other = leaders.get(term);
      leaders.set(term, replica);
      if (other === undefined) return undefined;
      return { message: `term ${term} has two leaders, ${other} and ${replica}` };
    },
  },
});

export const oneLease = defineInvariant<{ term: number; leader: string }, Seen>({
  id: "RL-5",
  doc: "While a leader holds its lease nobody else is elected.",
  state: () => ({ term: 0, leader: "" }),
  on: {
    "leader.elected": (latest, { term, replica }) => {
      if (term > latest.term) Object.assign(latest, { term, leader: replica });
    },
    "lease.held": (latest, { term, replica }) => {
      if (term >= latest.term) return undefined;
      return { message: `${replica} holds the lease of term ${term}, and ${latest.leader} leads term ${latest.term}` };
    },
  },
});

export const inOrder = defineInvariant<Map<string, number>, Seen>({
  id: "RL-6",
  doc: "A replica applies every entry once, from the first on, in the order of the log.",
  state: () => new Map(),
  on: {
    "entry.applied": (applied, { index, replica }) => {
      const expected = (applied.get(replica) ?? 0) + 1;
      applied.set(replica, index);
      return index === expected ? undefined : { expected, observed: index };
    },
  },
});
