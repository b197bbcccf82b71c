/** L-ERR-1. */
import type { Breach } from "../../runner/definition.ts";
import type { Observed } from "../state/observed.ts";
import type { Token } from "../state/frontier.ts";
import { defineInvariant } from "../define-invariant.ts";
import { compareTokens } from "../state/frontier.ts";
import { LiveObjects } from "./live-objects.ts";

interface Answered {
  /** Event of the answer. */
  readonly at: number;
  readonly by: Token;
}

interface State {
  readonly live: LiveObjects;
  /** Token of each environment's process. */
  readonly tokens: Map<string, Token>;
  /** Drops that were answered, by id. */
  readonly dropped: Map<string, Answered>;
  /** By nonce. */
  readonly connections: Map<string, Answered>;
}

/**
 * L-ERR-1: an object whose DROP was answered is not run by a replica that comes back, whatever it did to the replica
 * before: whoever connects after the answer, and is not older than who gave it, does not mention it any more. Only
 * connections of which it is known when they were made are judged.
 */
export const honouredDrops = defineInvariant<State, Observed>({
  id: "L-ERR-1",
  doc: "A DROP that was answered is in force for every replica that connects afterwards.",
  state: () => ({ live: new LiveObjects(), tokens: new Map(), dropped: new Map(), connections: new Map() }),
  on: {
    "shard.changed": ({ live }, data) => live.changed(data),
    "catalog.opened": ({ tokens }, { generation, epoch }, { process }) => {
      tokens.set(process, { generation, epoch });
    },
    "statement.ended": ({ live, tokens, dropped }, { ok, ts }, { process, event }) => {
      const by = tokens.get(process);
      if (!ok || ts === null || by === undefined) return;
      for (const id of live.removed.get(ts) ?? []) dropped.set(id, { at: event, by });
    },
    "controller.connected": ({ connections }, { nonce, generation, epoch }, { event }) => {
      connections.set(nonce, { at: event, by: { generation, epoch } });
    },
    "replica.reconciled": (state, data) => judged(state, data),
  },
});

function judged(
  { dropped, connections }: State,
  { replica, nonce, kept, created }: Observed["replica.reconciled"],
): Breach | undefined {
  const connection = connections.get(nonce);
  if (connection === undefined) return undefined;
  for (const id of [...kept, ...created]) {
    const drop = dropped.get(id);
    if (drop === undefined || drop.at >= connection.at || compareTokens(connection.by, drop.by) < 0) continue;
    const message = `${replica} is to run ${id}, although its DROP was answered before`;
    return { subject: "dropped object", message, expected: "no mention of it", observed: [...kept, ...created] };
  }
  return undefined;
}
