/**
 * PostgreSQL's own parser. It is WebAssembly that is compiled asynchronously, once in a thread and outside of any
 * simulation; parsing is then synchronous and a pure function of the text. Nothing is cached here: who parses the same
 * text again and again keeps the outcome.
 */
import { hasSqlDetails, loadModule, parseSync, type Node, type ParseResult } from "libpg-query";

/** A node of the parse tree: an object with one member, named after the kind of node. */
export type SqlNode = Node;

export type ParsedSql =
  /** One node a statement, in order; none for a text of blanks and comments. */
  | { readonly ok: true; readonly statements: readonly SqlNode[] }
  /** `position`: offset in the text where parsing stopped, counted from 0. The message is PostgreSQL's. */
  | { readonly ok: false; readonly message: string; readonly position: number };

/** Makes `parseSql` usable in this thread. Idempotent; to be awaited before a run, never inside one. */
export async function loadPgParser(): Promise<void> {
  await loadModule();
}

/** Parses a text into statements. Synchronous and deterministic; syntax errors are values, not exceptions. */
export function parseSql(text: string): ParsedSql {
  // The binding refuses a blank text; PostgreSQL takes it for no statement.
  if (text.trim() === "") return { ok: true, statements: [] };
  try {
    const tree = parseSync(text) as ParseResult;
    return { ok: true, statements: (tree.stmts ?? []).map(({ stmt }) => stmt!) };
  } catch (error) {
    if (!hasSqlDetails(error)) throw error;
    return { ok: false, message: error.message, position: error.sqlDetails?.cursorPosition ?? 0 };
  }
}
