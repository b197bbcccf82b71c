/** Statements that other databases have and this one does not, told by their first words: refused by name, with place. */
import { type SqlError, unsupported } from "../sql-error.ts";
import { positionAt, type Token } from "../syntax/token.ts";
import { foreignNouns, foreignVerbs, nounEndings, transactionVerbs } from "./vocabulary.ts";

/** The refusal of a statement that begins like this; undefined when the grammars are to be asked. */
export function foreignStatement(sql: string, tokens: readonly Token[]): SqlError | undefined {
  const words = tokens.slice(0, 4).map(({ kind, text }) => (kind === "word" ? text : ""));
  const position = positionAt(sql, tokens[0]!.start);
  const [verb = "", noun = ""] = words;
  if (transactionVerbs.has(verb))
    return unsupported(`a transaction (${verb.toUpperCase()})`, position, "Each statement is one of its own.");
  if (foreignVerbs.has(verb)) return unsupported(verb.toUpperCase(), position, foreignVerbs.get(verb));
  if (verb === "create" || verb === "drop") return foreignNoun(words, position);
  return verb === "show" && noun === "create" ? foreignNoun(words.slice(1), position, "SHOW ") : undefined;
}

function foreignNoun(words: readonly string[], position: number, before = ""): SqlError | undefined {
  const [verb, noun = "", ending = ""] = words;
  if (!foreignNouns.has(noun)) return undefined;
  const named = nounEndings.has(ending) ? `${noun} ${ending}` : noun;
  const shown = `${before}${verb!.toUpperCase()} ${named.toUpperCase()}`;
  return unsupported(shown, position, before === "" && verb === "create" ? foreignNouns.get(noun) : undefined);
}

/** Kinds of objects that run on no cluster. */
const unplaced: readonly string[] = ["connection", "table", "view"];

/** What may stand in CREATE of any kind and is not supported in any; said once for both grammars. */
export function foreignClause(sql: string, tokens: readonly Token[]): SqlError | undefined {
  const words = tokens.slice(0, 8).map(({ kind, text }) => (kind === "word" ? text : ""));
  if (words[0] !== "create") return undefined;
  const place = (at: number): number => positionAt(sql, tokens[at]!.start);
  if (words[1] === "or" && words[2] === "replace") return unsupported("CREATE OR REPLACE", place(1), "Drop it first.");
  if (words[1] === "recursive") return unsupported("RECURSIVE", place(1));
  const exists = words.indexOf("if");
  if (exists > 0 && words[exists + 1] === "not" && words[exists + 2] === "exists")
    return unsupported("IF NOT EXISTS", place(exists));
  const cluster = words.indexOf("in");
  return unplaced.includes(words[1]!) && cluster > 0 && words[cluster + 1] === "cluster"
    ? unsupported("IN CLUSTER", place(cluster), "Sources, materialized views and sinks run on a cluster.")
    : undefined;
}
