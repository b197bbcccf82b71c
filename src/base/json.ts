/** JSON-like values: what messages, plans and repro files may hold. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json };

/**
 * Canonical text of a JSON value: keys in code-unit order, no spaces, `undefined` members left out.
 * Equal values have equal texts on every machine. Throws `TypeError`, naming the place, for what JSON cannot hold
 * (functions, symbols, bigints, NaN, infinities, Maps, Dates and other class instances, cycles).
 */
export function canonicalJson(value: unknown): string {
  return write(value, "$", []);
}

/** A deep copy holding nothing but plain arrays and objects; the same errors as `canonicalJson`. */
export function toJson(value: unknown): Json {
  return JSON.parse(canonicalJson(value)) as Json;
}

function write(value: unknown, path: string, open: unknown[]): string {
  if (value === null || value === undefined) return "null";
  switch (typeof value) {
    case "boolean":
      return value ? "true" : "false";
    case "string":
      return JSON.stringify(value);
    case "number":
      if (!Number.isFinite(value)) throw new TypeError(`${path} is ${value}, which JSON cannot hold`);
      return JSON.stringify(value);
    case "object":
      return writeObject(value, path, open);
    default:
      throw new TypeError(`${path} is a ${typeof value}, which JSON cannot hold`);
  }
}

function writeObject(value: object, path: string, open: unknown[]): string {
  if (open.includes(value)) throw new TypeError(`${path} refers back to itself`);
  open.push(value);
  let text: string;
  if (Array.isArray(value)) {
    // Not `map`, which passes over holes: they are null, as in JSON.stringify.
    text = `[${Array.from(value, (item, index) => write(item, `${path}[${index}]`, open)).join(",")}]`;
  } else {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) {
      const name = (value.constructor as { name?: string } | undefined)?.name ?? "class instance";
      throw new TypeError(`${path} is a ${name}, which JSON cannot hold`);
    }
    const parts: string[] = [];
    for (const key of Object.keys(value).toSorted()) {
      const member = (value as Record<string, unknown>)[key];
      if (member !== undefined) parts.push(`${JSON.stringify(key)}:${write(member, `${path}.${key}`, open)}`);
    }
    text = `{${parts.join(",")}}`;
  }
  open.pop();
  return text;
}
