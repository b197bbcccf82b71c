/**
 * Statements as clients write them, read just far enough to know what they are about: what is created or dropped, which
 * rows are inserted, whether a read names its time. Anything cleverer than that is `other`, or has no rows.
 */
export type Cell = null | boolean | number | string;

export type ClientStatement =
  | { readonly kind: "create"; readonly name: string }
  | { readonly kind: "drop"; readonly name: string; readonly isCascade: boolean }
  /** `rows` is null when they are not plain literals. */
  | { readonly kind: "insert"; readonly table: string; readonly rows: readonly (readonly Cell[])[] | null }
  | { readonly kind: "select"; readonly hasTime: boolean }
  | { readonly kind: "other" };

interface Word {
  /** `name`: in double quotes; `text`: a string; `word`: folded to lower case. */
  readonly kind: "name" | "text" | "number" | "word" | "symbol";
  readonly text: string;
}

const pattern =
  /\s+|--[^\n]*|\/\*[^]*?\*\/|"(?<name>(?:[^"]|"")*)"|'(?<text>(?:[^']|'')*)'|(?<number>\d+)|(?<word>[A-Za-z_][\w$]*)|(?<symbol>[^])/g;

/** The words of a statement, without comments. */
function words(sql: string): Word[] {
  const found: Word[] = [];
  for (const { groups = {} } of sql.matchAll(pattern)) {
    const { name, text, number, word, symbol } = groups;
    if (name !== undefined) found.push({ kind: "name", text: name.replaceAll('""', '"') });
    else if (text !== undefined) found.push({ kind: "text", text: text.replaceAll("''", "'") });
    else if (number !== undefined) found.push({ kind: "number", text: number });
    else if (word !== undefined) found.push({ kind: "word", text: word.toLowerCase() });
    else if (symbol !== undefined) found.push({ kind: "symbol", text: symbol });
  }
  return found;
}

const objects: readonly (readonly string[])[] = [
  ["connection"],
  ["source"],
  ["sink"],
  ["table"],
  ["view"],
  ["materialized", "view"],
];

class Reader {
  readonly #words: readonly Word[];
  #at = 0;

  constructor(sql: string) {
    this.#words = words(sql);
  }

  get isOver(): boolean {
    return this.#words.slice(this.#at).every(({ kind, text }) => kind === "symbol" && text === ";");
  }

  /** Passes over these words if they come next. */
  accept(...texts: readonly string[]): boolean {
    const isNext = texts.every((text, place) => {
      const word = this.#words[this.#at + place];
      return word !== undefined && word.text === text && (word.kind === "word" || word.kind === "symbol");
    });
    if (isNext) this.#at += texts.length;
    return isNext;
  }

  object(): boolean {
    return objects.some((texts) => this.accept(...texts));
  }

  name(): string | undefined {
    const word = this.#words[this.#at];
    if (word === undefined || (word.kind !== "name" && word.kind !== "word")) return undefined;
    this.#at++;
    return word.text;
  }

  cell(): Cell | undefined {
    const isNegative = this.accept("-");
    const word = this.#words[this.#at];
    if (word?.kind === "number") {
      this.#at++;
      return isNegative ? -Number(word.text) : Number(word.text);
    }
    if (isNegative || word === undefined) return undefined;
    const isLiteral = word.kind === "text" || (word.kind === "word" && Object.hasOwn(constants, word.text));
    if (!isLiteral) return undefined;
    this.#at++;
    return word.kind === "text" ? word.text : constants[word.text as keyof typeof constants];
  }

  contains(...texts: readonly string[]): boolean {
    const from = this.#at;
    for (; this.#at < this.#words.length; this.#at++) {
      if (!this.accept(...texts)) continue;
      this.#at = from;
      return true;
    }
    this.#at = from;
    return false;
  }

  /** Goes on behind the next of these words; false when there is none. */
  skipTo(text: string): boolean {
    while (this.#at < this.#words.length) {
      if (this.accept(text)) return true;
      this.#at++;
    }
    return false;
  }
}

const constants = { null: null, true: true, false: false } as const;

/** What a client asks for. */
export function readStatement(sql: string): ClientStatement {
  const reader = new Reader(sql);
  if (reader.accept("select")) return { kind: "select", hasTime: reader.contains("as", "of") };
  if (reader.accept("insert", "into")) return insert(reader);
  if (reader.accept("create") && reader.object()) {
    reader.accept("if", "not", "exists");
    const name = reader.name();
    return name === undefined ? { kind: "other" } : { kind: "create", name };
  }
  if (reader.accept("drop", "cluster") && reader.contains("cascade")) {
    // What runs on it goes as well; a cluster is no item itself.
    return { kind: "drop", name: "", isCascade: true };
  }
  if (reader.accept("drop") && reader.object()) {
    reader.accept("if", "exists");
    const name = reader.name();
    return name === undefined ? { kind: "other" } : { kind: "drop", name, isCascade: reader.contains("cascade") };
  }
  return { kind: "other" };
}

function insert(reader: Reader): ClientStatement {
  const table = reader.name();
  if (table === undefined) return { kind: "other" };
  const rows: Cell[][] = [];
  if (!reader.accept("values")) return { kind: "insert", table, rows: null };
  do {
    const row = tuple(reader);
    if (row === undefined) return { kind: "insert", table, rows: null };
    rows.push(row);
  } while (reader.accept(","));
  return { kind: "insert", table, rows: reader.isOver ? rows : null };
}

function tuple(reader: Reader): Cell[] | undefined {
  if (!reader.accept("(")) return undefined;
  const row: Cell[] = [];
  do {
    const cell = reader.cell();
    if (cell === undefined) return undefined;
    row.push(cell);
  } while (reader.accept(","));
  return reader.accept(")") ? row : undefined;
}

/** Names that a view's canonical text reads from; none for one that is made of constants. */
export function inputNames(sql: string): readonly string[] {
  const reader = new Reader(sql);
  const names: string[] = [];
  if (!reader.skipTo("from")) return names;
  do {
    const name = reader.name();
    if (name === undefined) break;
    names.push(name);
    if (reader.accept("as")) reader.name();
  } while (reader.accept(",") || reader.accept("join"));
  return names;
}

/** Types of a table's columns, by its canonical text. */
export function columnTypes(sql: string): readonly string[] {
  const reader = new Reader(sql);
  const types: string[] = [];
  if (!reader.skipTo("(")) return types;
  do {
    reader.name();
    types.push(reader.name() ?? "");
  } while (reader.accept(","));
  return types;
}
