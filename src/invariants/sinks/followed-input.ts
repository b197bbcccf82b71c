/** L-SINK-1. */
import type { Observed } from "../state/observed.ts";
import { defineInvariant } from "../define-invariant.ts";
import { StatusHistory } from "../connectors/status-history.ts";
import { Collections, holdsUp } from "../state/collections.ts";
import { CommittedProgress } from "./committed-progress.ts";

interface State {
  readonly progress: CommittedProgress;
  readonly collections: Collections;
  readonly history: StatusHistory;
}

/** How far behind its input a sink may be, ms: it writes every 4 s, and a transaction takes its time. */
const behindMillis = 15_000;

/**
 * L-SINK-1: in the end the committed progress of every sink is close to the upper of its input, unless the sink has failed
 * for good, an error in its input holds it up or did until just now, or a topic of its was deleted. Judged at the end alone, by what is durable.
 */
export const followedInput = defineInvariant<State, Observed>({
  id: "L-SINK-1",
  doc: "A sink follows its input.",
  state: () => ({
    progress: new CommittedProgress(),
    collections: new Collections(),
    history: new StatusHistory(),
  }),
  on: {
    "shard.changed": ({ progress, collections, history }, data) => {
      collections.changed(data);
      progress.sinks.changed(data);
      history.changed(data);
    },
    "kafka.topic-deleted": ({ progress }, data) => progress.sinks.deleted(data),
    "kafka.appended": ({ progress }, data) => void progress.appended(data),
    "kafka.marker-written": ({ progress }, data) => void progress.marked(data),
  },
  atEnd: ({ progress, collections, history }) => {
    for (const { item, from, isGone } of progress.sinks.live) {
      const input = collections.get(from);
      if (input === undefined || isGone || holdsUp(input, behindMillis)) continue;
      if (history.latest.get(item.id)?.status === "failed" || input.upper === 0) continue;
      const latest = progress.latest(item.id);
      const reached = latest === undefined ? 0 : latest.upper;
      if (reached === null || (input.upper !== null && input.upper - reached <= behindMillis)) continue;
      const message = `sink ${item.name} does not follow its input`;
      return { subject: item.name, message, expected: input.upper, observed: latest?.upper ?? "no progress" };
    }
    return undefined;
  },
});
