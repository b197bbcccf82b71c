/** L-CONN-1. */
import type { Observed } from "../state/observed.ts";
import { defineInvariant } from "../define-invariant.ts";
import { ledgerEvents, SourceLedger } from "../sources/source-ledger.ts";
import { Placement } from "./placement.ts";
import { StatusHistory } from "./status-history.ts";

class State extends SourceLedger {
  readonly history = new StatusHistory();
  readonly placement = new Placement();
}

/**
 * L-CONN-1: in the end the bindings of every source have reached the last stable offset of each partition of its topic,
 * unless it has failed for good, its topic is gone or its cluster has no replica. Judged at the end alone, by what is
 * durable.
 */
export const caughtUpSources = defineInvariant<State, Observed>({
  id: "L-CONN-1",
  doc: "A source catches up with its topic.",
  state: () => new State(),
  on: {
    ...ledgerEvents(() => undefined),
    "shard.changed": (state, data) => {
      state.changed(data);
      state.placement.changed(data);
      state.history.changed(data);
    },
  },
  atEnd: (state) => {
    for (const { id, kind, name } of state.catalog.items.values()) {
      const topic = kind === "source" ? state.topicOf(id) : undefined;
      if (topic === undefined || state.placement.replicaOf(id) === undefined) continue;
      if (topic.isDeleted || state.history.latest.get(id)?.status === "failed") continue;
      const count = Math.max(topic.partitionCount, topic.partitions.size);
      for (let partition = 0; partition < count; partition++) {
        const expected = topic.partitions.get(partition)?.lastStable ?? 0;
        const observed = state.bound(id)?.get(partition) ?? null;
        if (observed === expected) continue;
        const message = `source ${name} has not caught up with partition ${partition} of its topic`;
        return { subject: name, message, expected, observed };
      }
    }
    return undefined;
  },
});
