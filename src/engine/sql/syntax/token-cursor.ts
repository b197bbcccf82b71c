/** Reads tokens one after the other, for grammars that are written by hand; what does not fit is a syntax error. */
import type { Name } from "./statement.ts";
import { SqlError, sqlStates } from "../sql-error.ts";
import { positionAt, type Token } from "./token.ts";

export class TokenCursor {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(text: string, tokens: readonly Token[]) {
    this.#text = text;
    this.#tokens = tokens;
  }

  get next(): Token {
    return this.#tokens[this.#at]!;
  }

  /** Position of the next token. */
  get position(): number {
    return positionAt(this.#text, this.next.start);
  }

  /** Whether the next tokens are these words or symbols; then they are taken. */
  accept(...words: readonly string[]): boolean {
    const found = words.every((word, index) => isTerm(this.#tokens[this.#at + index], word));
    if (found) this.#at += words.length;
    return found;
  }

  /** Takes these words or symbols. */
  expect(...words: readonly string[]): void {
    for (const word of words) if (!this.accept(word)) throw this.unexpected(word.toUpperCase());
  }

  /** Takes an identifier. */
  name(what: string): Name {
    const { kind, text } = this.next;
    if (kind !== "word" && kind !== "quoted") throw this.unexpected(what);
    if (text === "") throw new SqlError(sqlStates.syntax, "a name cannot be empty", { position: this.position });
    return { text, position: this.#take() };
  }

  /** Takes a text in single quotes. */
  string(what: string): string {
    const { kind, text } = this.next;
    if (kind !== "string") throw this.unexpected(`${what} in single quotes`);
    this.#take();
    return text;
  }

  /** Takes a whole number from `min` up to `max`. */
  count(what: string, max: number, min = 1): number {
    const { kind, text } = this.next;
    const value = Number(text);
    if (kind !== "number" || !/^\d+$/.test(text)) throw this.unexpected(what);
    if (value < min || value > max)
      throw new SqlError(sqlStates.badValue, `${what} must be between ${min} and ${max}, not ${text}`, {
        position: this.position,
      });
    this.#take();
    return value;
  }

  /** One or more of what `item` reads, in parentheses, with commas between. */
  list<T>(item: () => T): T[] {
    this.expect("(");
    const items = [item()];
    while (this.accept(",")) items.push(item());
    this.expect(")");
    return items;
  }

  /** A semicolon may end the statement; nothing may follow. */
  end(): void {
    this.accept(";");
    if (this.next.kind !== "end") throw this.unexpected("the end of the statement");
  }

  unexpected(wanted: string): SqlError {
    const { kind, start, end } = this.next;
    const found = kind === "end" ? "at end of input" : `at or near "${this.#text.slice(start, end)}"`;
    return new SqlError(sqlStates.syntax, `syntax error ${found}`, {
      detail: `Expected ${wanted}.`,
      position: this.position,
    });
  }

  #take(): number {
    const position = this.position;
    this.#at++;
    return position;
  }
}

function isTerm(token: Token | undefined, word: string): boolean {
  if (token === undefined || token.text !== word) return false;
  return token.kind === "word" || token.kind === "symbol" || token.kind === "other";
}
