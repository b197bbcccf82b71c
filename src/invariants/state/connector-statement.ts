/** The canonical statements that create connections, sources, sinks and tables, read for what rules need of them. */

export interface ColumnText {
  readonly name: string;
  readonly type: string;
}

export interface SourceStatement {
  readonly columns: readonly ColumnText[];
  readonly topic: string;
  /** The incarnation of the topic; null when the statement does not say. */
  readonly topicId: string | null;
  readonly envelope: "none" | "upsert";
}

export interface SinkStatement {
  /** Name of the relation. */
  readonly from: string;
  /** Name of the connection. */
  readonly connection: string;
  readonly topic: string;
  /** Names of columns. */
  readonly key: readonly string[];
  readonly envelope: "upsert" | "debezium";
}

interface Token {
  /** `name`: in double quotes; `text`: a string; `word`: folded to lower case. */
  readonly kind: "name" | "text" | "word" | "symbol";
  readonly text: string;
}

const pattern = /\s+|"(?<name>(?:[^"]|"")*)"|'(?<text>(?:[^']|'')*)'|(?<word>[\w$]+)|(?<symbol>[^])/g;

function tokensOf(sql: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const { groups = {} } of sql.matchAll(pattern)) {
    const { name, text, word, symbol } = groups;
    if (name !== undefined) tokens.push({ kind: "name", text: name.replaceAll('""', '"') });
    else if (text !== undefined) tokens.push({ kind: "text", text: text.replaceAll("''", "'") });
    else if (word !== undefined) tokens.push({ kind: "word", text: word.toLowerCase() });
    else if (symbol !== undefined) tokens.push({ kind: "symbol", text: symbol });
  }
  return tokens;
}

/** Place behind the first run of these words, undefined when there is none. */
function behind(tokens: readonly Token[], ...words: readonly string[]): number | undefined {
  const isThere = (at: number): boolean =>
    words.every((word, place) => tokens[at + place]?.kind === "word" && tokens[at + place]?.text === word);
  const at = tokens.findIndex((_, index) => isThere(index));
  return at < 0 ? undefined : at + words.length;
}

function after(tokens: readonly Token[], ...words: readonly string[]): string | undefined {
  const at = behind(tokens, ...words);
  return at === undefined ? undefined : tokens[at]?.text;
}

/** Items of the list in parentheses that begins at a place, each with its tokens. */
function listAt(tokens: readonly Token[], at: number): readonly (readonly Token[])[] {
  const items: Token[][] = [[]];
  for (let index = at + 1; index < tokens.length; index++) {
    const token = tokens[index]!;
    if (token.kind === "symbol" && token.text === ")") break;
    if (token.kind === "symbol" && token.text === ",") items.push([]);
    else items.at(-1)!.push(token);
  }
  return items;
}

/** Columns of a table or source, from the first parentheses of the statement that creates it. */
export function columnsOf(sql: string): readonly ColumnText[] {
  const tokens = tokensOf(sql);
  const at = tokens.findIndex(({ kind, text }) => kind === "symbol" && text === "(");
  if (at < 0) return [];
  return listAt(tokens, at).map(([name, type]) => ({ name: name?.text ?? "", type: type?.text ?? "" }));
}

/** Reads `CREATE SOURCE`. */
export function sourceStatement(sql: string): SourceStatement {
  const tokens = tokensOf(sql);
  return {
    columns: columnsOf(sql),
    topic: after(tokens, "topic") ?? "",
    topicId: after(tokens, "topic", "id") ?? null,
    envelope: after(tokens, "envelope") === "upsert" ? "upsert" : "none",
  };
}

/** Reads `CREATE SINK`. */
export function sinkStatement(sql: string): SinkStatement {
  const tokens = tokensOf(sql);
  const key = behind(tokens, "key");
  return {
    from: after(tokens, "from") ?? "",
    connection: after(tokens, "connection") ?? "",
    topic: after(tokens, "topic") ?? "",
    key: key === undefined ? [] : listAt(tokens, key).map(([name]) => name?.text ?? ""),
    envelope: after(tokens, "envelope") === "debezium" ? "debezium" : "upsert",
  };
}

/** Name of the connection that a source or sink uses. */
export function connectionOf(sql: string): string {
  return after(tokensOf(sql), "connection") ?? "";
}

/** Hosts of the brokers of a connection. */
export function brokerHosts(sql: string): readonly string[] {
  return tokensOf(sql)
    .filter(({ kind }) => kind === "text")
    .map(({ text }) => text.split(":")[0]!);
}
