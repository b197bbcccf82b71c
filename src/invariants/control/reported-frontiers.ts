/** S-CTL-1. */
import type { Breach } from "../../runner/definition.ts";
import type { Observed } from "../state/observed.ts";
import type { Frontier } from "../state/frontier.ts";
import { defineInvariant } from "../define-invariant.ts";
import { isBefore } from "../state/frontier.ts";
import { LiveObjects } from "./live-objects.ts";

interface State {
  readonly live: LiveObjects;
  /** Shard by id, of all that ever were: a report may be of what is gone. */
  readonly shards: Map<string, string>;
  readonly uppers: Map<string, Frontier>;
  /** By process and id: as reported last on its present connection. */
  readonly reported: Map<string, Map<string, Frontier>>;
}

/**
 * S-CTL-1: what a replica reports of an object is durable by then, and on one connection it does not go back. Changes of
 * shards are seen where they are stored, before anybody hears that they happened.
 */
export const reportedFrontiers = defineInvariant<State, Observed>({
  id: "S-CTL-1",
  doc: "A frontier that a replica reports is durable, and goes back only with a new connection.",
  state: () => ({ live: new LiveObjects(), shards: new Map(), uppers: new Map(), reported: new Map() }),
  on: {
    "shard.changed": ({ live, shards, uppers }, data) => {
      live.changed(data);
      if (data.shard === "catalog") for (const [id, shard] of live.shards) shards.set(id, shard);
      uppers.set(data.shard, data.upper);
    },
    "replica.reconciled": ({ reported }, _, { process }) => void reported.delete(process),
    "dataflow.renewed": ({ reported }, { id }, { process }) => void reported.get(process)?.delete(id),
    "frontier.reported": (state, data, { process }) => judged(state, data, process),
  },
});

function judged(
  { shards, uppers, reported }: State,
  { replica, id, upper }: Observed["frontier.reported"],
  process: string,
): Breach | undefined {
  const shard = shards.get(id);
  // Null is a frontier, too.
  const durable = shard === undefined ? undefined : uppers.has(shard) ? uppers.get(shard)! : 0;
  if (durable !== undefined && isBefore(durable, upper)) {
    const message = `${replica} reported a frontier of ${id} that is not durable`;
    return { subject: id, message, expected: { atMost: durable }, observed: upper };
  }
  const own = reported.get(process) ?? new Map<string, Frontier>();
  reported.set(process, own);
  const before = own.get(id);
  own.set(id, upper);
  if (before === undefined || !isBefore(upper, before)) return undefined;
  const message = `${replica} reported a frontier of ${id} that went back`;
  return { subject: id, message, expected: { atLeast: before }, observed: upper };
}
