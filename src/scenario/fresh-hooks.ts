/**
 * A hook of Node's module loader: test runners are stood in for (`fresh-vitest.ts`). A file of its own because Node 20
 * runs hooks in a thread of theirs and loads them there by name.
 */
interface Resolved {
  readonly url: string;
  readonly format?: string | null | undefined;
  readonly shortCircuit?: boolean | undefined;
}
type Next<R> = (specifier: string, context: object) => R;

const runners: readonly string[] = ["vitest", "node:test"];
const standIn: Resolved = {
  url: new URL("./fresh-vitest.js", import.meta.url).href,
  format: "module",
  shortCircuit: true,
};

/** The hook for loaders that ask in the same thread. */
export function resolveSync(specifier: string, context: object, next: Next<Resolved>): Resolved {
  return runners.includes(specifier) ? standIn : next(specifier, context);
}

/** The hook for loaders that ask from another thread; its name is the loader's. @public */
export async function resolve(specifier: string, context: object, next: Next<Promise<Resolved>>): Promise<Resolved> {
  return runners.includes(specifier) ? standIn : next(specifier, context);
}
