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
  if (!isTypeScript(found.url) || found.format !== "commonjs") return found;
  // On Node 20 tsx gives such a module a query, by which it would read it as CommonJS all the same.
  return { ...found, url: found.url.replace(/(?:%3F|\?)tsx-commonjs-.*$/, ""), format: "module" };
}

function isTypeScript(url: string): boolean {
  return /^file:.*\.tsx?(?:$|\?|%3F)/.test(url) && !url.includes("/node_modules/");
}
