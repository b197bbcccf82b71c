/** From an item in the catalog to an object that replicas run. */
import type { Json } from "../../../base/json.ts";
import type { Time } from "../../collection.ts";
import type { RenderedObject } from "../../compute/protocol.ts";
import type { PersistClient } from "../../persist/persist.ts";
import type { End } from "../fate.ts";
import type { Item } from "./item.ts";
import type { Schema } from "./schema.ts";
import type { Sinces } from "./sinces.ts";
import { renderedObject } from "./rendering.ts";

export interface Installing {
  readonly persist: PersistClient;
  readonly schema: Schema;
  readonly sinces: Sinces;
  readonly end: End;
}

/** Takes the item's own shard over, if it has one. */
export async function learnShard({ sinces, end }: Installing, item: Item): Promise<void> {
  if (item.shard === null || item.shard.table !== null) return;
  if ((await sinces.learn(item.shard.shard)) === "fenced") await end("owner-fenced");
}

/**
 * What replicas are to run for an item whose shards are learnt; null for nothing. Its inputs are held at its `asOf` from
 * now on. A view that was never written becomes readable from there only: before it there is nothing that it could say.
 */
export async function beginObject(installing: Installing, item: Item): Promise<RenderedObject | null> {
  const { schema, sinces, persist } = installing;
  const object = renderedObject(item, schema, 0);
  if (object === null || object.kind === "ingestion") return object;
  const asOf = sinces.begin(item);
  if (object.kind === "materialized-view") await startAt(persist, sinces, object.shard, asOf);
  return { ...object, asOf };
}

async function startAt(persist: PersistClient, sinces: Sinces, name: string, asOf: Time): Promise<void> {
  const upper = sinces.boundsOf(name)?.upper;
  // A process that died in between has left the upper there, and the since behind.
  if (asOf === 0 || (upper !== 0 && upper !== asOf)) return;
  const shard = persist.shard<Json>(name);
  if (upper === 0) await shard.compareAndAppend([], 0, asOf);
  await shard.downgradeSince(asOf);
  await sinces.learn(name);
}
