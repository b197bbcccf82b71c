/** Reads tokens one after the other, for grammars that are written by hand; what does not fit is a syntax error. */
import type { Name } from "./statement.ts";
import { SqlError, sqlStates, unsupported } from "../sql-error.ts";
import { positionAt, type Token } from "./token.ts";
import { reservedWords } from "../refusal/vocabulary.ts";

/** What is wrong with a second statement, which stands at `position`. */
export function oneAtATime(position: number): SqlError {
  return new SqlError(sqlStates.syntax, "one statement at a time", {
    hint: "Send the statements one after the other.",
    position,
  });
}

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

  /** Takes these words or symbols, and the refusal of what they stand for, which has their place. */
  refused(construct: string, ...words: readonly string[]): SqlError | undefined {
    const { position } = this;
    return this.accept(...words) ? unsupported(construct, position) : undefined;
  }

  /** Takes an identifier; a dot may follow only one that is qualified. */
  name(what: string, isQualified = false): Name {
    const { kind, text } = this.next;
    if (kind !== "word" && kind !== "quoted") throw this.unexpected(what);
    if (kind === "word" && reservedWords.has(text)) throw this.unexpected(what);
    if (text === "") throw new SqlError(sqlStates.syntax, "a name cannot be empty", { position: this.position });
    const position = this.#take();
    if (!isQualified && this.next.kind === "symbol" && this.next.text === ".")
      throw unsupported("a schema in a name", position);
    return { text, position };
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
    let isEnded = false;
    while (this.accept(";")) isEnded = true;
    if (this.next.kind === "end") return;
    throw isEnded ? oneAtATime(this.position) : this.unexpected("the end of the statement");
  }

  /** The syntax error of the next token, where `wanted` would fit. */
  unexpected(wanted: string): SqlError {
    const { kind, text, start, end } = this.next;
    const unclosed = kind === "other" ? unclosedKinds.get(text.slice(0, 2)) : undefined;
    if (unclosed !== undefined)
      return new SqlError(sqlStates.syntax, `unterminated ${unclosed} at or near "${this.#text.slice(start)}"`, {
        position: this.position,
      });
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

/** What a token that is none may begin. */
const unclosedKinds: ReadonlyMap<string, string> = new Map([
  ["'", "quoted string"],
  ['"', "quoted identifier"],
  ["/*", "/* comment"],
]);

function isTerm(token: Token | undefined, word: string): boolean {
  return token !== undefined && token.kind !== "quoted" && token.kind !== "string" && token.text === word;
}
