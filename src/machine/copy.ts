/** Copying at a port: processes share no memory, so what crosses one is copied, and what cannot be copied is refused. */

/** Deeper values than this are taken for cycles. */
const depthMax = 500;

/**
 * A deep copy of a JSON-like value (`Uint8Array`s too; members that are undefined are left out, holes become null).
 * Throws `TypeError` naming the place of anything else: a function, a Map, a class instance, NaN, a cycle.
 */
export function copyValue(value: unknown, name = "message"): unknown {
  const copy = copyOf(value, 0);
  if (copy !== refused) return copy;
  throw new TypeError(`${problemIn(value, name, name, 0)}: ports carry JSON-like values`);
}

/** Stands for a copy that cannot be made; only then it is worth knowing where. */
const refused = Symbol("refused");

function copyOf(value: unknown, depth: number): unknown {
  switch (typeof value) {
    case "string":
    case "boolean":
    case "undefined":
      return value;
    case "number":
      // Adding zero makes -0 a 0, as it is behind any wire.
      return Number.isFinite(value) ? (value as number) + 0 : refused;
    case "object":
      return value === null ? null : copyObject(value, depth);
    default:
      return refused;
  }
}

function copyObject(value: object, depth: number): unknown {
  if (depth > depthMax) return refused;
  if (Array.isArray(value)) return copyArray(value, depth);
  if (value instanceof Uint8Array) return value.slice();
  if (!isPlain(value)) return refused;
  const copy: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    const member = copyOf((value as Record<string, unknown>)[name], depth + 1);
    if (member === refused) return refused;
    if (member !== undefined) copy[name] = member;
  }
  return copy;
}

function copyArray(value: readonly unknown[], depth: number): unknown {
  const copy: unknown[] = [];
  for (let index = 0; index < value.length; index++) {
    const member = copyOf(value[index], depth + 1);
    if (member === refused) return refused;
    copy.push(member ?? null);
  }
  return copy;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** What cannot be copied, with its path from `root`; undefined when everything can. */
function problemIn(value: unknown, path: string, root: string, depth: number): string | undefined {
  if (copyOf(value, depth) !== refused) return undefined;
  if (typeof value === "number") return `${path} is ${value}`;
  if (typeof value !== "object" || value === null) return `${path} is a ${typeof value}`;
  if (depth > depthMax) return `${root} refers back to itself`;
  if (!Array.isArray(value) && !isPlain(value)) {
    return `${path} is a ${(value.constructor as { name?: string } | undefined)?.name ?? "class instance"}`;
  }
  for (const name of Object.keys(value)) {
    const place = Array.isArray(value) ? `${path}[${name}]` : path === "message" ? name : `${path}.${name}`;
    const problem = problemIn((value as Record<string, unknown>)[name], place, root, depth + 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
