/** S-SINK-5. */
import type { Breach } from "../../runner/definition.ts";
import type { Observed } from "../state/observed.ts";
import { defineInvariant } from "../define-invariant.ts";
import { CommittedProgress, sinkName, type Progress } from "./committed-progress.ts";

interface State {
  readonly progress: CommittedProgress;
  /** By sink, the earliest time that a rendering without progress began to read at. */
  readonly asOf: Map<string, number>;
}

/**
 * S-SINK-5: progress of a sink is beyond the time at which its first rendering began to read; below it the contents that
 * it begins with would be skipped by whoever resumes. A rendering tells its time before it sends anything, in an earlier
 * dispatch, so what is committed was announced; of several first renderings the earliest one is the measure, since it
 * may be any of them that committed. `sink.committed` is judged as well, against its own rendering.
 */
export const progressBeyondAsOf = defineInvariant<State, Observed>({
  id: "S-SINK-5",
  doc: "No progress is written before the contents that a sink starts with are sent.",
  state: () => ({ progress: new CommittedProgress(), asOf: new Map() }),
  on: {
    "shard.changed": ({ progress }, data) => void progress.sinks.changed(data),
    "kafka.topic-deleted": ({ progress }, data) => progress.sinks.deleted(data),
    "kafka.appended": (state, data) => judged(state, state.progress.appended(data)),
    "kafka.marker-written": (state, data) => judged(state, state.progress.marked(data)),
    "sink.resumed": ({ asOf }, data) => {
      if (!data.found) asOf.set(data.id, Math.min(data.asOf, asOf.get(data.id) ?? data.asOf));
    },
    "sink.committed": ({ progress }, { id, upper, asOf }) =>
      upper === null || upper > asOf ? undefined : breach(sinkName(progress.sinks, id), upper, asOf),
  },
});

function judged({ progress, asOf }: State, committed: readonly Progress[]): Breach | undefined {
  for (const { sink, upper } of committed) {
    const from = asOf.get(sink);
    if (from !== undefined && upper !== null && upper <= from)
      return breach(sinkName(progress.sinks, sink), upper, from);
  }
  return undefined;
}

function breach(name: string, upper: number, asOf: number): Breach {
  const message = `progress of sink ${name} says ${upper}, its contents begin at ${asOf}`;
  return { subject: name, message, expected: `beyond ${asOf}`, observed: upper };
}
