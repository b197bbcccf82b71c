/**
 * What of a shard belongs to a collection. A materialized view's shard holds its rows and errors and nothing else; that of
 * all tables holds rows tagged with their table; a source's shard holds bindings of offsets beside rows and errors.
 */
import type { Json, JsonObject } from "../../base/json.ts";
import type { Entry, Row, Update } from "../collection.ts";
import type { CollectionSource } from "./protocol.ts";

/** Rows and errors of the collection among a shard's updates, in their order. */
export function collectionUpdates(
  source: CollectionSource,
  updates: readonly Update<Json>[],
): readonly Update<Entry>[] {
  const own: Update<Entry>[] = [];
  for (const [data, time, diff] of updates) {
    const entry = collectionEntry(source, data);
    if (entry !== undefined) own.push([entry, time, diff]);
  }
  return own;
}

/** The element of the collection that an element of the shard is; undefined when it is none. */
export function collectionEntry(source: CollectionSource, data: Json): Entry | undefined {
  if (source.table === undefined) {
    const isBinding = !Array.isArray(data) && "partition" in (data as JsonObject);
    return isBinding ? undefined : (data as Entry);
  }
  const { table, row } = data as { readonly table: string; readonly row: Row };
  return table === source.table ? row : undefined;
}
