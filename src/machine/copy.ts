/** Copying at a port: processes share no memory, so what crosses one is copied, and what cannot be copied is refused. */

/**
 * A deep copy of a JSON-like value (`Uint8Array`s too, members that are undefined are left out).
 * Throws `TypeError` naming the place of anything else: a function, a Map, a class instance, NaN.
 */
export function copyValue(value: unknown, path = "message"): unknown {
  switch (typeof value) {
    case "string":
    case "boolean":
    case "undefined":
      return value;
    case "number":
      if (!Number.isFinite(value)) throw new TypeError(`${path} is ${value}: ports carry JSON-like values`);
      return value;
    case "object":
      return value === null ? null : copyObject(value, path);
    default:
      throw new TypeError(`${path} is a ${typeof value}: ports carry JSON-like values`);
  }
}

/** Holes become null, as in JSON. */
function copyArray(value: readonly unknown[], path: string): unknown[] {
  const copy: unknown[] = [];
  for (let index = 0; index < value.length; index++) copy.push(copyValue(value[index], `${path}[${index}]`) ?? null);
  return copy;
}

function copyObject(value: object, path: string): unknown {
  if (Array.isArray(value)) return copyArray(value, path);
  if (value instanceof Uint8Array) return value.slice();
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    const name = (value.constructor as { name?: string } | undefined)?.name ?? "class instance";
    throw new TypeError(`${path} is a ${name}: ports carry JSON-like values`);
  }
  const copy: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    const member = (value as Record<string, unknown>)[name];
    if (member !== undefined) copy[name] = copyValue(member, path === "message" ? name : `${path}.${name}`);
  }
  return copy;
}
