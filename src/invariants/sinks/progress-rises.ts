/** S-SINK-6. */
import type { Breach } from "../../runner/definition.ts";
import type { Observed } from "../state/observed.ts";
import type { Frontier } from "../state/frontier.ts";
import { defineInvariant } from "../define-invariant.ts";
import { isBefore } from "../state/frontier.ts";
import { CommittedProgress, sinkName, type Progress } from "./committed-progress.ts";

interface State {
  readonly progress: CommittedProgress;
  readonly highest: Map<string, Frontier>;
}

/**
 * S-SINK-6: committed progress of a sink never goes back. Predecessors are fenced before a successor reads where to go
 * on, so no crash, zombie or lost answer excuses it; the logs themselves are looked at, in the order of their markers.
 */
export const progressRises = defineInvariant<State, Observed>({
  id: "S-SINK-6",
  doc: "The progress of a sink never regresses.",
  state: () => ({ progress: new CommittedProgress(), highest: new Map() }),
  on: {
    "shard.changed": ({ progress }, data) => void progress.sinks.changed(data),
    "kafka.topic-deleted": ({ progress }, data) => progress.sinks.deleted(data),
    "kafka.appended": (state, data) => judged(state, state.progress.appended(data)),
    "kafka.marker-written": (state, data) => judged(state, state.progress.marked(data)),
  },
});

function judged({ progress, highest }: State, committed: readonly Progress[]): Breach | undefined {
  for (const { sink, upper } of committed) {
    const before = highest.get(sink);
    if (before !== undefined && isBefore(upper, before)) {
      const name = sinkName(progress.sinks, sink);
      return { subject: name, message: `progress of sink ${name} went back`, expected: before, observed: upper };
    }
    highest.set(sink, upper);
  }
  return undefined;
}
