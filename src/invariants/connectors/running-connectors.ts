/** L-CONN-4. */
import type { Observed } from "../state/observed.ts";
import type { Item } from "../state/catalog-contents.ts";
import { defineInvariant } from "../define-invariant.ts";
import { Collections, holdsUp } from "../state/collections.ts";
import { sinkStatement, sourceStatement } from "../state/connector-statement.ts";
import { Placement } from "./placement.ts";
import { StatusHistory, type StatusRow } from "./status-history.ts";

interface State {
  readonly collections: Collections;
  readonly history: StatusHistory;
  /** Names of topics that were deleted, and of sinks' inputs by id of the sink. */
  readonly deleted: Set<string>;
  readonly inputs: Map<string, string>;
  readonly placement: Placement;
}

/** What a sink says when its key does not tell the rows of its input apart. */
const keyNotUnique = "21000";
/** So long after its input was mended, ms of the input's time, a sink may still say otherwise. */
const mendedMillis = 15_000;

/**
 * L-CONN-4: in the end every source and sink is shown as running, unless its cluster has no replica, one of its topics was
 * deleted, a sink's input holds an error or did until just now and the sink says that this is what it waits for, or a
 * sink's key is not unique. Judged at the end alone, by the durable history.
 */
export const runningConnectors = defineInvariant<State, Observed>({
  id: "L-CONN-4",
  doc: "Connectors return to running.",
  state: () => ({
    collections: new Collections(),
    history: new StatusHistory(),
    deleted: new Set(),
    inputs: new Map(),
    placement: new Placement(),
  }),
  on: {
    "kafka.topic-deleted": ({ deleted }, { topic }) => void deleted.add(topic),
    "shard.changed": ({ collections, history, inputs, placement }, data) => {
      placement.changed(data);
      for (const { id, kind, sql } of collections.changed(data).added) {
        if (kind === "sink") inputs.set(id, collections.catalog.named(sinkStatement(sql).from)?.id ?? "");
      }
      history.changed(data);
    },
  },
  atEnd: (state) => {
    for (const item of state.collections.catalog.items.values()) {
      if (item.kind !== "source" && item.kind !== "sink") continue;
      const row = state.history.latest.get(item.id);
      if (row?.status === "running" || state.placement.replicaOf(item.id) === undefined || isExcused(state, item, row))
        continue;
      const observed = row === undefined ? "created" : `${row.status}${row.error === null ? "" : `: ${row.error}`}`;
      return { subject: item.name, message: `${item.kind} ${item.name} does not run`, expected: "running", observed };
    }
    return undefined;
  },
});

function isExcused({ collections, deleted, inputs }: State, item: Item, row: StatusRow | undefined): boolean {
  if (item.kind === "source") return deleted.has(sourceStatement(item.sql).topic);
  if ([...deleted].some((topic) => topic === sinkStatement(item.sql).topic || topic.startsWith("wavetank-progress-"))) {
    return true;
  }
  const input = collections.get(inputs.get(item.id) ?? "");
  if (row?.status === "stalled" && row.class === "input" && input !== undefined && holdsUp(input, mendedMillis))
    return true;
  return row?.status === "failed" && row.code === keyNotUnique;
}
