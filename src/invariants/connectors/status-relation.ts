/** The relations of statuses as their history and the catalog say that they are; shares no code with the engine. */
import type { Relation, Row } from "../oracle/relation.ts";
import type { CatalogContents, Item } from "../state/catalog-contents.ts";
import type { StatusFold } from "./status-history.ts";
import { sinkStatement } from "../state/connector-statement.ts";
import { inputNames } from "../state/statement.ts";

const columns = [
  "id",
  "name",
  "type",
  "last_status_change_at",
  "status",
  "error",
  "class",
  "code",
  "hint",
  "effective_status",
  "caused_by_id",
];

/**
 * Contents of `mz_source_statuses` (`kind` is `source`) or `mz_sink_statuses` (`sink`). `paused` are items without a replica
 * to run them.
 */
export function statusRelation(
  catalog: CatalogContents,
  kind: string,
  { latest, held }: StatusFold,
  paused: ReadonlySet<string>,
): Relation {
  const items = [...catalog.items.values()].filter((item) => item.kind === kind);
  const rows = items.map((item): readonly [Row, number] => {
    const { id, name } = item;
    const row = latest.get(id);
    const own = [row?.error ?? null, row?.class ?? null, row?.code ?? null, row?.hint ?? null];
    const status = row?.status ?? "created";
    const error = held.get(id);
    const running = error === undefined ? [status, null] : ["failed", causeOf(item, error.code, catalog, latest)];
    const effective = paused.has(id) && status !== "failed" ? ["paused", null] : running;
    return [[id, name, "kafka", row?.at ?? null, status, ...own, ...effective], 1];
  });
  return { columns, rows, errors: [] };
}

/** A source above that has failed; else, for a record that cannot be decoded, the only source; else the direct input. */
function causeOf(
  item: Item,
  code: string | null,
  catalog: CatalogContents,
  latest: StatusFold["latest"],
): string | null {
  const inputs = inputsOf(item, catalog);
  const above = new Map(inputs.map((input) => [input.id, input]));
  // Grows while it is gone through.
  for (const [, each] of above) for (const input of inputsOf(each, catalog)) above.set(input.id, input);
  const sources = [...catalog.items.values()].filter(({ id, kind }) => kind === "source" && above.has(id));
  const failed = sources.find(({ id }) => latest.get(id)?.status === "failed");
  if (failed !== undefined) return failed.id;
  return (code === "22P02" && sources.length === 1 ? sources[0] : inputs[0])?.id ?? null;
}

/** What an item reads from, as its statement says. */
function inputsOf({ kind, sql }: Item, catalog: CatalogContents): readonly Item[] {
  const isView = kind === "view" || kind === "materialized-view";
  const names = kind === "sink" ? [sinkStatement(sql).from] : isView ? inputNames(sql) : [];
  return names.flatMap((name) => catalog.named(name) ?? []);
}
