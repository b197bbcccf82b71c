/** Names that statements refer to, and names that they want to take. */
import type { CatalogLookup, ItemKind, ResolvedItem } from "../plan.ts";
import type { Name } from "../syntax/statement.ts";
import { nearestHint, SqlError, sqlStates } from "../sql-error.ts";
import { kindName } from "../syntax/object-grammar.ts";
import { isSystemId, systemItem, systemRelations } from "../system-relations.ts";

const readable: ReadonlySet<ResolvedItem["kind"]> = new Set(["source", "table", "view", "materialized-view", "system"]);

/** The object of that name; system relations are found whether or not the catalog lists them. */
export function find(catalog: CatalogLookup, name: string): ResolvedItem | undefined {
  return catalog.resolve(name) ?? systemItem(name);
}

/** What can be read under that name. 42P01 when there is nothing, 42809 when it has no rows. */
export function relationNamed(catalog: CatalogLookup, { text, position }: Name): ResolvedItem {
  const item = find(catalog, text);
  if (item === undefined) throw missing(catalog, sqlStates.noSuchRelation, "relation", { text, position });
  if (readable.has(item.kind)) return item;
  throw new SqlError(sqlStates.wrongKind, `"${text}" is a ${kindName(item.kind)}, which has no rows`, { position });
}

/** The object of that name and kind. 42704 (42P01 for relations) when there is none, 42809 when it is another kind. */
export function itemNamed(catalog: CatalogLookup, kind: ItemKind, { text, position }: Name): ResolvedItem {
  const item = find(catalog, text);
  const code = kind === "connection" || kind === "sink" ? sqlStates.noSuchObject : sqlStates.noSuchRelation;
  if (item === undefined) throw missing(catalog, code, kindName(kind), { text, position });
  if (item.kind === kind) return item;
  throw new SqlError(sqlStates.wrongKind, `"${text}" is not a ${kindName(kind)}`, {
    detail: `It is a ${kindName(item.kind)}.`,
    position,
  });
}

/** Refuses a name that is taken (42P07 for relations, else 42710) or belongs to the system (42939). */
export function checkFree(catalog: CatalogLookup, kind: ItemKind, { text, position }: Name): void {
  if (text.startsWith("mz_"))
    throw new SqlError(sqlStates.reservedName, `the name "${text}" is reserved`, {
      detail: "Names that begin with mz_ belong to the system.",
      position,
    });
  const item = find(catalog, text);
  if (item === undefined) return;
  const code = kind === "connection" || kind === "sink" ? sqlStates.duplicateObject : sqlStates.duplicateRelation;
  throw new SqlError(code, `${kindName(item.kind)} "${text}" already exists`, { position });
}

/** Ids of user objects, each once, in order. */
export function dependencies(items: readonly ResolvedItem[]): string[] {
  return [...new Set(items.map(({ id }) => id))].filter((id) => !isSystemId(id)).toSorted();
}

function missing(catalog: CatalogLookup, code: string, what: string, { text, position }: Name): SqlError {
  const fits = (kind: ResolvedItem["kind"]): boolean =>
    what === "relation" ? readable.has(kind) : kind !== "system" && kindName(kind) === what;
  const all = new Set([...catalog.names(), ...systemRelations.map(({ name }) => name)]);
  const names = [...all].filter((name) => fits(find(catalog, name)!.kind));
  return new SqlError(code, `${what} "${text}" does not exist`, { hint: nearestHint(text, names), position });
}
