/** FROM and WHERE in a batch: pairs of rows that agree in the columns that must be equal, then the other conditions. */
import type { Json } from "../../base/json.ts";
import { columnFields, conjunction, formula, parts, type Meaning } from "./expression.ts";
import { hasFailed, rowText, type Failure, type Relation, type Row } from "./relation.ts";
import { node, nodes, refuse, texts, UnknownSyntax, type SyntaxNode } from "./syntax-node.ts";

interface Table {
  readonly name: string;
  readonly relation: Relation;
  /** Place of its first column in joined rows. */
  readonly start: number;
}

/** The input of a SELECT: its rows, and what its columns are called. */
export class Input {
  readonly rows: (readonly [row: Row, count: number])[] = [];
  readonly errors: Failure[] = [];
  readonly #tables: readonly Table[];
  readonly #using: readonly string[];

  constructor(from: Json | undefined, where: Json | undefined, read: (name: string) => Relation) {
    const { tables, conditions, using } = fromItems(nodes(from));
    let start = 0;
    this.#tables = tables.map((table) => {
      const relation = read(table.of["relname"] as string);
      const alias = (table.of["alias"] as { readonly aliasname?: string } | undefined)?.aliasname;
      const placed = { name: alias ?? (table.of["relname"] as string), relation, start };
      start += relation.columns.length;
      this.errors.push(...relation.errors);
      return placed;
    });
    this.#using = using;
    this.#fill([...conditions, ...parts(where)]);
  }

  /** Place of a column in the rows. */
  readonly column: Meaning["column"] = (fields) => {
    const name = fields.at(-1)!;
    const tables = fields.length === 1 ? this.#tables : this.#tables.filter((table) => table.name === fields[0]);
    const table = tables.find(({ relation }) => relation.columns.includes(name));
    if (table === undefined) throw new UnknownSyntax(`column ${fields.join(".")}`);
    return table.start + table.relation.columns.indexOf(name);
  };

  /** Whether a name alone is one of its columns. */
  has(name: string): boolean {
    return this.#tables.some(({ relation }) => relation.columns.includes(name));
  }

  /** Names and places of what a star stands for. */
  star(table: string | undefined): readonly (readonly [name: string, place: number])[] {
    const own = this.#tables.filter(({ name }) => table === undefined || name === table);
    const all = own.flatMap(({ relation, start }) => relation.columns.map((name, at) => [name, start + at] as const));
    if (table !== undefined) return all;
    const merged = this.#using.map((name) => [name, this.column([name])] as const);
    return [...merged, ...all.filter(([name]) => !this.#using.includes(name))];
  }

  #fill(conditions: readonly Json[]): void {
    const [left, right] = this.#tables;
    const keys = right === undefined ? [] : conditions.flatMap((condition) => this.#equality(condition, right.start));
    for (const name of this.#using) keys.push(this.#tables.map((table) => this.column([table.name, name])));
    const meaning: Meaning = {
      column: this.column,
      aggregate: () => {
        throw new UnknownSyntax("an aggregate in WHERE");
      },
    };
    const holds = conjunction(conditions.map((condition) => formula(condition, meaning)));
    for (const [row, count] of pairs(left?.relation, right?.relation, keys)) {
      const outcome = holds({ row, aggregates: [] });
      if (hasFailed(outcome)) this.errors.push(outcome);
      else if (outcome === true) this.rows.push([row, count]);
    }
  }

  /** Places of two columns, one of each table, that a condition wants to be equal. */
  #equality(condition: Json, border: number): readonly number[][] {
    const { kind, of } = node(condition);
    if (kind !== "A_Expr" || of["kind"] !== "AEXPR_OP" || texts(of["name"])[0] !== "=") return [];
    const sides = [columnFields(of["lexpr"]), columnFields(of["rexpr"])];
    const places = sides
      .flatMap((fields) => (fields === undefined ? [] : [this.column(fields)]))
      .toSorted((a, b) => a - b);
    return places.length === 2 && places[0]! < border && places[1]! >= border ? [places] : [];
  }
}

function fromItems(items: readonly SyntaxNode[]): {
  readonly tables: readonly SyntaxNode[];
  readonly conditions: readonly Json[];
  readonly using: readonly string[];
} {
  const [join] = items;
  if (join?.kind !== "JoinExpr") {
    if (items.length > 2 || items.some(({ kind }) => kind !== "RangeVar")) throw new UnknownSyntax("FROM");
    return { tables: items, conditions: [], using: [] };
  }
  refuse(join, ["isNatural", "join_using_alias", "alias"]);
  const tables = nodes([join.of["larg"]!, join.of["rarg"]!]);
  if (join.of["jointype"] !== "JOIN_INNER" || items.length > 1 || tables.some(({ kind }) => kind !== "RangeVar"))
    throw new UnknownSyntax("a join other than of two relations");
  return { tables, conditions: parts(join.of["quals"]), using: texts(join.of["usingClause"]) };
}

/** Rows of one relation, or of two put together where the keys agree; one empty row without any. */
function pairs(
  left: Relation | undefined,
  right: Relation | undefined,
  keys: readonly (readonly number[])[],
): readonly (readonly [Row, number])[] {
  if (left === undefined) return [[[], 1]];
  if (right === undefined) return left.rows;
  const border = left.columns.length;
  const byKey = new Map<string, (readonly [Row, number])[]>();
  for (const entry of right.rows) {
    const key: Row = keys.map(([, place]) => entry[0][place! - border]!);
    if (key.includes(null)) continue;
    const same = byKey.get(rowText(key));
    if (same === undefined) byKey.set(rowText(key), [entry]);
    else same.push(entry);
  }
  return left.rows.flatMap(([row, count]) => {
    const matching = byKey.get(rowText(keys.map(([place]) => row[place!]!))) ?? [];
    return matching.map(([other, times]) => [[...row, ...other], count * times] as const);
  });
}
