/**
 * Shards that are sealed by mistake: an empty frontier that a replica reports for something that it has merely let go of
 * is read as "finished", and nothing can ever be written again. Judged by what is durable alone, so nothing is missed. A
 * view over constants, or over views that are finished themselves, may be finished; what it reads is in its stored text.
 */
import type { Observed } from "../state/observed.ts";
import { CatalogContents, type Item } from "../state/catalog-contents.ts";
import { defineInvariant } from "../define-invariant.ts";
import { inputNames } from "../state/statement.ts";

interface State {
  readonly catalog: CatalogContents;
  readonly finished: Set<string>;
}

/** S-FRO-2: what can still change stays writable. */
export const openUppers = defineInvariant<State, Observed>({
  id: "S-FRO-2",
  doc: "A shard's upper becomes empty only when its item was dropped or all that it reads is finished.",
  state: () => ({ catalog: new CatalogContents(), finished: new Set() }),
  on: {
    "shard.changed": (state, changed) => {
      state.catalog.apply(changed);
      const { shard, upper } = changed;
      if (upper !== null || state.finished.has(shard)) return undefined;
      state.finished.add(shard);
      const owner = ownerOf(state.catalog, shard);
      const isShared = shard === "catalog" || shard === "tables";
      if (!isShared && (owner === undefined || mayFinish(state, owner, []))) return undefined;
      return {
        subject: owner === undefined ? shard : `${owner.kind} shard`,
        message: `the upper of ${shard} became empty, and ${owner === undefined ? "it" : `"${owner.name}"`} is not finished`,
        expected: "a time",
        observed: null,
      };
    },
  },
});

function ownerOf({ items, shards }: CatalogContents, shard: string): Item | undefined {
  for (const [id, name] of shards) if (name === shard) return items.get(id);
  return undefined;
}

/** Whether nothing that an item reads can change any more. `path`: items that are being asked about, against loops. */
function mayFinish({ catalog, finished }: State, item: Item, path: readonly string[]): boolean {
  if (item.kind !== "materialized-view" && item.kind !== "view") return false;
  return inputNames(item.sql).every((name) => {
    const input = catalog.named(name);
    if (input === undefined || path.includes(input.id)) return false;
    const isFinished = finished.has(catalog.shards.get(input.id) ?? "");
    return isFinished || (input.kind === "view" && mayFinish({ catalog, finished }, input, [...path, item.id]));
  });
}
