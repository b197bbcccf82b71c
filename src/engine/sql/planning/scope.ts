/** What the columns of a query's FROM are called, and where they are in its rows. */
import type { ColumnType } from "../../collection.ts";
import type { ResolvedItem } from "../plan.ts";
import type { Expression, Name } from "../syntax/statement.ts";
import { namesHint, SqlError, sqlStates } from "../sql-error.ts";

export interface ScopeColumn {
  /** Alias or name of its relation. */
  readonly table: string;
  /** 0 for the left or only relation, 1 for the right one. */
  readonly side: 0 | 1;
  readonly name: string;
  readonly type: ColumnType;
  readonly index: number;
}

type ColumnExpression = Extract<Expression, { kind: "column" }>;

export class Scope {
  readonly columns: readonly ScopeColumn[];
  readonly #tables: readonly string[];
  /** Left and right column of each name in USING. */
  readonly #merged: ReadonlyMap<string, readonly [ScopeColumn, ScopeColumn]>;

  constructor(tables: readonly (readonly [name: string, item: ResolvedItem])[], using: readonly Name[] = []) {
    this.#tables = tables.map(([name]) => name);
    this.columns = columnsOf(tables);
    using.forEach(({ text, position }, index) => {
      if (using.findIndex((other) => other.text === text) === index) return;
      throw new SqlError(sqlStates.duplicateColumn, `column "${text}" stands in USING twice`, { position });
    });
    this.#merged = new Map(using.map((name) => [name.text, this.#mergedPair(name)]));
  }

  /** Pairs of columns that USING makes equal. */
  get merged(): readonly (readonly [ScopeColumn, ScopeColumn])[] {
    return [...this.#merged.values()];
  }

  /** The column that an expression names. 42703, 42P01 or 42702. */
  column({ qualifier, name, position }: ColumnExpression): ScopeColumn {
    if (qualifier !== undefined) this.#checkTable(qualifier, position);
    const merged = qualifier === undefined ? this.#merged.get(name) : undefined;
    if (merged !== undefined) return merged[0];
    const found = this.columns.filter((c) => c.name === name && (qualifier === undefined || c.table === qualifier));
    if (found.length === 1) return found[0]!;
    if (found.length > 1)
      throw new SqlError(sqlStates.ambiguousColumn, `column reference "${name}" is ambiguous`, {
        hint: "Write the relation before it.",
        position,
      });
    const near = this.columns.filter((c) => qualifier === undefined || c.table === qualifier).map((c) => c.name);
    const shown = qualifier === undefined ? `"${name}"` : `${qualifier}.${name}`;
    throw new SqlError(sqlStates.noSuchColumn, `column ${shown} does not exist`, {
      hint: namesHint(name, [...new Set(near)], "Columns"),
      position,
    });
  }

  /** Columns that a star stands for, in order: those of USING once and first. */
  star(qualifier: string | undefined, position: number): readonly ScopeColumn[] {
    if (qualifier !== undefined) {
      this.#checkTable(qualifier, position);
      return this.columns.filter(({ table }) => table === qualifier);
    }
    if (this.#tables.length === 0) throw new SqlError(sqlStates.syntax, "SELECT * needs a FROM", { position });
    return [...this.merged.map(([left]) => left), ...this.columns.filter(({ name }) => !this.#merged.has(name))];
  }

  #checkTable(qualifier: string, position: number): void {
    if (this.#tables.includes(qualifier)) return;
    throw new SqlError(sqlStates.noSuchRelation, `"${qualifier}" is not in FROM`, {
      hint: namesHint(qualifier, this.#tables, "Relations in FROM"),
      position,
    });
  }

  #mergedPair({ text, position }: Name): readonly [ScopeColumn, ScopeColumn] {
    const [left, right] = ([0, 1] as const).map((side) => {
      const found = this.columns.filter((column) => column.side === side && column.name === text);
      if (found.length === 1) return found[0]!;
      const names = this.columns.filter((column) => column.side === side).map(({ name }) => name);
      if (found.length > 1)
        throw new SqlError(sqlStates.ambiguousColumn, `column "${text}" in USING is ambiguous`, { position });
      throw new SqlError(
        sqlStates.noSuchColumn,
        `column "${text}" in USING does not exist in "${this.#tables[side]!}"`,
        { hint: namesHint(text, names, "Columns"), position },
      );
    });
    if (left!.type !== right!.type)
      throw new SqlError(sqlStates.wrongType, `USING types ${left!.type} and ${right!.type} cannot be matched`, {
        position,
      });
    return [left!, right!];
  }
}

function columnsOf(tables: readonly (readonly [string, ResolvedItem])[]): ScopeColumn[] {
  const columns: ScopeColumn[] = [];
  tables.forEach(([table, item], side) => {
    for (const { name, type } of item.columns)
      columns.push({ table, side: side === 0 ? 0 : 1, name, type, index: columns.length });
  });
  return columns;
}
