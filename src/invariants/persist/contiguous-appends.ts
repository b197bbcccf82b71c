/**
 * Changes of shards as compare-and-sets. The only witness is `shard.changed`, which is neither missed nor late. That an
 * append expected another upper than the one that it went on top of shows in the times of its updates: a writer puts none
 * below the upper that it expects, and hardly one exactly at it by chance. An empty append leaves no such trace.
 */
import type { Observed } from "../state/observed.ts";
import { defineInvariant } from "../define-invariant.ts";
import { isBefore, type Frontier } from "../state/frontier.ts";

interface Head {
  readonly sequence: number;
  readonly upper: Frontier;
}

interface State {
  readonly heads: Map<string, Head>;
}

/** S-WRI-1: no change of a shard was decided on another state than the one that it replaced. */
export const contiguousAppends = defineInvariant<State, Observed>({
  id: "S-WRI-1",
  doc: "Every append goes on top of exactly the upper before it, and every change follows on the one before.",
  state: () => ({ heads: new Map() }),
  on: {
    "shard.changed": ({ heads }, { shard, sequence, lower, upper, updates }) => {
      const before = heads.get(shard) ?? { sequence: 0, upper: 0 };
      heads.set(shard, { sequence, upper });
      if (sequence !== before.sequence + 1) {
        const message = `a change of ${shard} does not follow on the one before`;
        return { subject: `${shard} sequence`, message, expected: before.sequence + 1, observed: sequence };
      }
      const first = updates.find(([, time]) => isBefore(time, before.upper));
      if (lower === before.upper && first === undefined) return undefined;
      return {
        subject: `${shard} lower`,
        message: `an append to ${shard} went on top of an upper that it did not expect`,
        expected: before.upper,
        observed: first === undefined ? lower : first[1],
      };
    },
  },
});
