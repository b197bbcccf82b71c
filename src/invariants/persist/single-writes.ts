/**
 * Rows of INSERT statements against the rows in the tables' shard, which the world shows at the commit. A statement is
 * asked before it can leave and answered after it is durable, so both bounds hold at once and for good: never more copies
 * of a row than statements that asked for it and were not refused, never fewer than were answered ok. A statement whose
 * answer never came counts for the upper bound alone, for ever: it may still happen. Tables are told apart by name, rows
 * by their literals; a table into which something else than plain literals of its columns' types was written is not
 * judged.
 */
import type { Breach } from "../../runner/definition.ts";
import type { Observed } from "../state/observed.ts";
import { CatalogContents } from "../state/catalog-contents.ts";
import { defineInvariant } from "../define-invariant.ts";
import { columnTypes, readStatement, type Cell } from "../state/statement.ts";

/** Copies of one row: asked for and not refused, answered ok, and in the shard. */
interface Copies {
  asked: number;
  answered: number;
  durable: number;
}

type Row = readonly Cell[];

interface State {
  readonly catalog: CatalogContents;
  /** Name of a table by id, of those that are gone too. */
  readonly names: Map<string, string>;
  readonly types: Map<string, readonly string[]>;
  /** By table's name and row. */
  readonly copies: Map<string, Copies>;
  readonly opaque: Set<string>;
}

/** S-WRI-2: an append whose outcome its writer does not know takes effect once or not at all. */
export const singleWrites = defineInvariant<State, Observed>({
  id: "S-WRI-2",
  doc: "A row is in its table as often as clients had it inserted: no lost answer doubles or loses one.",
  state: () => ({
    catalog: new CatalogContents(),
    names: new Map(),
    types: new Map(),
    copies: new Map(),
    opaque: new Set(),
  }),
  on: {
    "client.asked": (state, { sql }) => {
      const asked = inserted(sql);
      if (asked === undefined) return;
      if (asked.rows === null) state.opaque.add(asked.table);
      for (const row of asked.rows ?? []) copiesOf(state, asked.table, row).asked++;
    },
    "client.answered": (state, { sql, ok }) => answered(state, sql, ok),
    "shard.changed": (state, changed) => {
      for (const { id, name, sql, kind } of state.catalog.apply(changed).added) {
        if (kind !== "table") continue;
        state.names.set(id, name);
        state.types.set(name, columnTypes(sql));
      }
      return changed.shard === "tables" ? written(state, changed.updates) : undefined;
    },
  },
});

function inserted(sql: string): { readonly table: string; readonly rows: readonly Row[] | null } | undefined {
  const statement = readStatement(sql);
  return statement.kind === "insert" ? statement : undefined;
}

function answered(state: State, sql: string, ok: boolean): Breach | undefined {
  const statement = inserted(sql);
  if (statement === undefined) return undefined;
  const { table, rows } = statement;
  for (const row of rows ?? []) {
    const copies = copiesOf(state, table, row);
    if (ok) copies.answered++;
    else copies.asked--;
  }
  if (ok && !(rows ?? []).every((row) => isPlain(row, state.types.get(table)))) state.opaque.add(table);
  if (state.opaque.has(table)) return undefined;
  for (const row of rows ?? []) {
    const { asked, answered: told, durable } = copiesOf(state, table, row);
    if (told <= durable && durable <= asked) continue;
    const message = durable < told ? "a row that was inserted is not there" : "a row of a refused INSERT is there";
    return { subject: table, message, expected: { from: told, to: asked }, observed: durable };
  }
  return undefined;
}

function written(state: State, updates: Observed["shard.changed"]["updates"]): Breach | undefined {
  for (const [data, , diff] of updates) {
    const { table: id, row } = data as unknown as { readonly table: string; readonly row: Row };
    const table = state.names.get(id);
    const copies = table === undefined ? undefined : state.copies.get(keyOf(table, row));
    if (copies === undefined) continue;
    copies.durable += diff;
    if (copies.durable <= copies.asked || state.opaque.has(table!)) continue;
    const message = "a row is in its table more often than it was inserted";
    return { subject: table!, message, expected: { atMost: copies.asked }, observed: copies.durable };
  }
  return undefined;
}

/** Whether literals are stored as they are written. */
function isPlain(row: Row, types: readonly string[] | undefined): boolean {
  const plain = { int: "number", text: "string", bool: "boolean" } as const;
  return row.every((cell, place) => cell === null || typeof cell === plain[types?.[place] as keyof typeof plain]);
}

function copiesOf({ copies }: State, table: string, row: Row): Copies {
  const key = keyOf(table, row);
  let found = copies.get(key);
  if (found === undefined) copies.set(key, (found = { asked: 0, answered: 0, durable: 0 }));
  return found;
}

function keyOf(table: string, row: Row): string {
  return JSON.stringify([table, row]);
}
