/** Observations of controllers and replicas for traces written by hand. */
import type { Json } from "../../../src/base/json.ts";
import type { Seen } from "../../support/hand-trace.ts";

export const environment = "env-1#1";
export const head = "clusterd-0#1";

type Wanted = readonly (readonly [id: string, asOf: number | null])[];

/** An item of the catalog, and its shard. */
export function item(id: string, kind: string, changes: Readonly<Record<string, Json>> = {}): readonly Json[] {
  const value = { name: id, kind, sql: `CREATE ${id}`, incarnation: 1, createdAt: 1, cluster: "c1", ...changes };
  return [
    { kind: "item", key: id, value },
    { kind: "shard", key: id, value: { shard: id, table: null } },
  ];
}

export const token = (epoch: number): Json => ({ kind: "token", key: "fence", value: { generation: 1, epoch } });

export function connected(nonce: string, epoch = 1, replica = "r1"): Seen {
  return ["controller.connected", { replica, nonce, generation: 1, epoch }, environment];
}

export function mentioned(nonce: string, objects: Wanted, more: object = {}): Seen {
  const about = { replica: "r1", cluster: "c1", isOldest: true, generation: 1, epoch: 1 };
  return ["controller.mentioned", { ...about, nonce, objects, ...more }, environment];
}

export function reconciled(
  nonce: string,
  lists: {
    readonly kept?: readonly string[];
    readonly created?: readonly string[];
    readonly dropped?: readonly string[];
  },
  process = head,
): Seen {
  return ["replica.reconciled", { replica: "r1", nonce, kept: [], created: [], dropped: [], ...lists }, process];
}

export function rendered(id: string, asOf: number, sinces: readonly (readonly [string, number])[] = []): Seen {
  return ["dataflow.rendered", { replica: "r1", id, incarnation: 1, asOf, sinces }, head];
}

export function ended(kind: string, ts: number, ok = true): Seen {
  return ["statement.ended", { session: "s", number: 1, kind, ok, code: null, ts }, environment];
}
