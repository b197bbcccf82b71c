/** From an item in the catalog to an object that replicas run. */
import type { Json } from "../../../base/json.ts";
import type { Time } from "../../collection.ts";
import type { RenderedObject } from "../../compute/protocol.ts";
import type { Catalog } from "../../catalog/catalog.ts";
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
  readonly catalog: Pick<Catalog, "token">;
  readonly end: End;
}

/** Takes the item's own shard over, if it has one. */
export async function learnShard(installing: Installing, item: Item): Promise<void> {
  if (item.shard === null || item.shard.table !== null) return;
  await learn(installing, item, item.shard.shard);
}

async function learn({ schema, sinces, end }: Installing, item: Item, shard: string): Promise<void> {
  if ((await sinces.learn(shard)) === "fenced") await end("owner-fenced");
  // A DROP that came meanwhile has forgotten what was not known yet.
  if (schema.get(item.id) === undefined) sinces.forget(item);
}

/**
 * What replicas are to run for an item whose shards are learnt; null for nothing. Its inputs are held at its `asOf` from
 * now on. A view that was never written becomes readable from there only: before it there is nothing that it could say.
 */
export async function beginObject(installing: Installing, item: Item): Promise<RenderedObject | null> {
  const { schema, sinces } = installing;
  const object = renderedObject(item, schema, 0);
  if (object === null || object.kind === "ingestion") return object;
  const asOf = sinces.begin(item);
  return { ...object, asOf: object.kind === "materialized-view" ? await startAt(installing, item, asOf) : asOf };
}

/**
 * Begins a view's shard, unless that was done before: then its since is above 0. First the upper, for no since is beyond
 * it: a process that dies in between leaves a shard that looks written up to there, and holds nothing.
 */
async function startAt(installing: Installing, item: Item, wanted: Time): Promise<Time> {
  const { persist, sinces, catalog } = installing;
  const { shard: name } = item.shard!;
  const shard = persist.shard<Json>(name);
  for (;;) {
    const { since = 0, upper = null } = sinces.boundsOf(name) ?? {};
    if (since > 0 || upper === null) return Math.max(wanted, upper === null ? 0 : since);
    const asOf = Math.max(1, wanted, upper);
    const begun = upper === asOf || (await shard.compareAndAppend([], upper, asOf)).ok;
    // A successor may have begun it elsewhere in the meantime: it is its to say then.
    if (begun) await shard.downgradeSince(asOf, catalog.token);
    await learn(installing, item, name);
    if (begun) return asOf;
  }
}
