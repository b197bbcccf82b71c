/** What replicas are told of an object: pure functions of the catalog. */
import type { Time } from "../../collection.ts";
import type { CollectionSource, RenderedObject } from "../../compute/protocol.ts";
import { assert } from "../../../base/assert.ts";
import { readsOf } from "../../sql/plan-reads.ts";
import type { Item } from "./item.ts";
import type { Schema } from "./schema.ts";

/** Where the contents of a relation are. It must have some. */
export function collectionOf(schema: Schema, id: string): CollectionSource {
  const shard = schema.get(id)?.shard;
  assert(shard !== null && shard !== undefined, "what is read has contents", { id });
  return shard.table === null ? { id, shard: shard.shard } : { id, shard: shard.shard, table: shard.table };
}

/** The object that a replica runs for an item, null when it runs none. `asOf`: from where its inputs are read. */
export function renderedObject(item: Item, schema: Schema, asOf: Time): RenderedObject | null {
  const { id, incarnation, plan, shard } = item;
  switch (plan.kind) {
    case "create-materialized-view": {
      const sources = readsOf(plan.plan).map((source) => collectionOf(schema, source));
      return { kind: "materialized-view", id, incarnation, plan: plan.plan, sources, asOf, shard: shard!.shard };
    }
    case "create-source": {
      const { brokers, topic, topicId, columns, envelope } = plan;
      const base = { kind: "ingestion", id, incarnation, brokers, topic, topicId, columns, envelope } as const;
      return { ...base, shard: shard!.shard };
    }
    case "create-sink": {
      const { brokers, topic, connection, columns, key, envelope, partitions } = plan;
      const from = collectionOf(schema, plan.from);
      const base = { kind: "sink", id, incarnation, brokers, topic, connection, from, columns, key } as const;
      return { ...base, envelope, partitions, asOf, shard: shard!.shard };
    }
    case "create-connection":
    case "create-table":
    case "create-view":
      return null;
  }
}
