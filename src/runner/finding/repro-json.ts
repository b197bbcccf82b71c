/**
 * Reads JSON that strangers wrote. Other than `JSON.parse` it refuses what would be read in silence in a way that nobody
 * meant: a key given twice, `__proto__`, numbers too large for a double; and it limits length and depth before they cost
 * anything. Its messages say line and column and are the same on every version of Node.
 */
import type { Json } from "../../base/json.ts";
import { UsageError } from "../../base/errors.ts";
import { shownText } from "../plan/json.ts";

export interface JsonLimits {
  /** UTF-16 code units of the whole text. */
  readonly textLength: number;
  readonly depth: number;
}

/** The value of a JSON text. Throws `UsageError` that starts with `name:line:column`. -0 becomes 0. */
export function readJson(text: string, name: string, limits: JsonLimits): Json {
  if (text.length > limits.textLength) {
    throw new UsageError(`${name}: ${text.length} characters; allowed: up to ${limits.textLength}`);
  }
  return new JsonReader(text, name, limits.depth).whole();
}

const numberPattern = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const numberLengthMax = 400;
const words: readonly (readonly [string, Json])[] = [
  ["true", true],
  ["false", false],
  ["null", null],
];

class JsonReader {
  readonly #text: string;
  readonly #name: string;
  readonly #depthMax: number;
  #at = 0;

  constructor(text: string, name: string, depthMax: number) {
    this.#text = text;
    this.#name = name;
    this.#depthMax = depthMax;
  }

  whole(): Json {
    const value = this.#value(0);
    this.#skipSpace();
    if (this.#at < this.#text.length) this.#fail("more text after the end of the JSON value");
    return value;
  }

  #value(depth: number): Json {
    this.#skipSpace();
    const character = this.#text[this.#at];
    if (character === "{" || character === "[") {
      if (depth >= this.#depthMax) this.#fail(`nested deeper than ${this.#depthMax} levels`);
      this.#at++;
      return character === "{" ? this.#object(depth + 1) : this.#list(depth + 1);
    }
    if (character === '"') return this.#string();
    for (const [word, value] of words) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return value;
      }
    }
    return this.#number();
  }

  #object(depth: number): Json {
    const object: { [key: string]: Json } = {};
    if (this.#takes("}")) return object;
    do {
      this.#skipSpace();
      const start = this.#at;
      if (this.#text[start] !== '"') this.#fail('a key in double quotes or "}" expected');
      const key = this.#string();
      if (key === "__proto__") this.#fail('the key "__proto__" is not allowed', start);
      if (Object.hasOwn(object, key)) this.#fail(`the key "${shownText(key)}" is there twice`, start);
      if (!this.#takes(":")) this.#fail('":" expected');
      object[key] = this.#value(depth);
    } while (this.#takes(","));
    if (!this.#takes("}")) this.#fail('"," or "}" expected');
    return object;
  }

  #list(depth: number): Json {
    const list: Json[] = [];
    if (this.#takes("]")) return list;
    do list.push(this.#value(depth));
    while (this.#takes(","));
    if (!this.#takes("]")) this.#fail('"," or "]" expected');
    return list;
  }

  #string(): string {
    const start = this.#at;
    let end = start + 1;
    while (end < this.#text.length && this.#text[end] !== '"') end += this.#text[end] === "\\" ? 2 : 1;
    if (end >= this.#text.length) this.#fail("a text without its closing quote", start);
    this.#at = end + 1;
    try {
      return JSON.parse(this.#text.slice(start, this.#at)) as string;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return this.#fail("a text with a wrong escape or a raw control character", start);
    }
  }

  #number(): number {
    const start = this.#at;
    let end = start;
    while (end - start <= numberLengthMax && /[-+.\w]/.test(this.#text[end] ?? "")) end++;
    const literal = this.#text.slice(start, end);
    if (literal === "") this.#fail(start < this.#text.length ? "a JSON value expected" : "the text ends too early");
    if (literal.length > numberLengthMax || !numberPattern.test(literal)) {
      this.#fail(`"${shownText(literal)}" is no JSON value`);
    }
    const value = Number(literal);
    if (!Number.isFinite(value)) this.#fail(`${shownText(literal)} is too large a number`);
    this.#at = end;
    return value === 0 ? 0 : value;
  }

  #takes(character: string): boolean {
    this.#skipSpace();
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #skipSpace(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
      this.#at++;
    }
  }

  #fail(problem: string, at = this.#at): never {
    const before = this.#text.slice(0, at).split("\n");
    throw new UsageError(`${this.#name}:${before.length}:${before.at(-1)!.length + 1}: ${problem}`);
  }
}
