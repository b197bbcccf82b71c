/**
 * A hook of Node's module loader: TypeScript outside of node_modules is always an ES module. A file of its own because
 * Node 20 runs hooks in a thread of theirs and loads them there by name.
 */

interface Resolved {
  readonly url: string;
  readonly format?: string | null | undefined;
}
type Context = Readonly<Record<string, unknown>>;

/** The hook for loaders that ask in the same thread. */
export function resolveSync(
  specifier: string,
  context: Context,
  next: (specifier: string, context: Context) => Resolved,
): Resolved {
  return asModule(next(specifier, context));
}

/** The hook for loaders that ask from another thread; its name is the loader's. */
export async function resolve(
  specifier: string,
  context: Context,
  next: (specifier: string, context: Context) => Promise<Resolved>,
): Promise<Resolved> {
  return asModule(await next(specifier, context));
}

function asModule(found: Resolved): Resolved {
  const isTypeScript = /^file:.*\.tsx?(?:$|\?)/.test(found.url) && !found.url.includes("/node_modules/");
  return isTypeScript && found.format === "commonjs" ? { ...found, format: "module" } : found;
}
