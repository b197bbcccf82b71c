/**
 * Frontiers of shards. The only witness is `shard.changed`, which the world makes at the commit: nothing is missed and
 * nothing is late, so there is nothing to forgive.
 */
import type { Breach } from "../../runner/definition.ts";
import type { Observed } from "../state/observed.ts";
import { defineInvariant } from "../define-invariant.ts";
import { isBefore, type Frontier } from "../state/frontier.ts";

type Changed = Observed["shard.changed"];

interface Bounds {
  readonly since: Frontier;
  readonly upper: Frontier;
}

interface State {
  readonly shards: Map<string, Bounds>;
}

const unwritten: Bounds = { since: 0, upper: 0 };

/** S-FRO-1: what was readable or writable before is not so again, and nothing is written outside the times of its append. */
export const orderedFrontiers = defineInvariant<State, Observed>({
  id: "S-FRO-1",
  doc: "A shard's since is never above its upper, both only rise, and an append writes in [old upper, new upper).",
  state: () => ({ shards: new Map() }),
  on: {
    "shard.changed": ({ shards }, changed) => {
      const { shard, since, upper } = changed;
      const before = shards.get(shard) ?? unwritten;
      shards.set(shard, { since, upper });
      return broken(changed, before);
    },
  },
});

function broken({ shard, since, upper, updates }: Changed, before: Bounds): Breach | undefined {
  if (isBefore(upper, before.upper)) {
    return {
      subject: `${shard} upper`,
      message: `the upper of ${shard} fell`,
      expected: before.upper,
      observed: upper,
    };
  }
  if (isBefore(since, before.since)) {
    return {
      subject: `${shard} since`,
      message: `the since of ${shard} fell`,
      expected: before.since,
      observed: since,
    };
  }
  if (isBefore(upper, since)) {
    const message = `the since of ${shard} is above its upper`;
    return { subject: `${shard} bounds`, message, expected: { sinceAtMost: upper }, observed: since };
  }
  const stray = updates.find(([, time]) => isBefore(time, before.upper) || !isBefore(time, upper));
  if (stray === undefined) return undefined;
  return {
    subject: `${shard} update`,
    message: `an update of ${shard} lies outside the times of its append`,
    expected: { from: before.upper, below: upper },
    observed: stray[1],
  };
}
