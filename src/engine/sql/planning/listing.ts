/** SHOW, as a query over the system catalog. */
import type { CatalogLookup, SelectPlan } from "../plan.ts";
import type { Show, ShowCreate } from "../syntax/statement.ts";
import { systemItem } from "../system-relations.ts";
import { itemNamed } from "./catalog-names.ts";

const shown: Readonly<Record<Show["what"], readonly [relation: string, columns: readonly string[]]>> = {
  connection: ["mz_connections", ["name"]],
  source: ["mz_sources", ["name", "type"]],
  table: ["mz_tables", ["name"]],
  view: ["mz_views", ["name"]],
  "materialized-view": ["mz_materialized_views", ["name"]],
  sink: ["mz_sinks", ["name", "type"]],
  object: ["mz_objects", ["name", "type"]],
  cluster: ["mz_clusters", ["name", "size", "replication_factor"]],
  replica: ["mz_cluster_replicas", ["cluster", "name", "size"]],
};

/** `SHOW SOURCES` and its like: names in order. */
export function planShow({ what }: Show): SelectPlan {
  const [relation, names] = shown[what];
  const item = systemItem(relation)!;
  const indexes = names.map((name) => item.columns.findIndex((column) => column.name === name));
  return {
    kind: "select",
    plan: {
      kind: "map",
      input: { kind: "get", id: item.id },
      scalars: indexes.map((index) => ({ kind: "column", index })),
    },
    columns: indexes.map((index) => item.columns[index]!),
    orderBy: [{ column: 0, isDescending: false }],
    limit: undefined,
    asOf: undefined,
  };
}

/** `SHOW CREATE`: one row, the name and the stored statement (NULL where the catalog does not give it). */
export function planShowCreate({ what, name }: ShowCreate, catalog: CatalogLookup): SelectPlan {
  const item = itemNamed(catalog, what, name);
  return {
    kind: "select",
    plan: { kind: "constant", rows: [[item.name, item.sql ?? null]], width: 2 },
    columns: [
      { name: "name", type: "text" },
      { name: "create_sql", type: "text" },
    ],
    orderBy: [],
    limit: undefined,
    asOf: undefined,
  };
}
