/** Which operations a port has, read from the text of its file: types are gone when tests run. */
import { projectFiles } from "../../support/project-files.ts";

/** Names of the methods of an interface in `src/ports`, in their order; throws when there is no such interface. */
export function operationsOf(file: string, name: string): readonly string[] {
  const text = projectFiles("src/ports", file)[0]?.text ?? "";
  const body = new RegExp(`^export interface ${name} \\{\\n(.*?)^\\}`, "ms").exec(text)?.[1];
  if (body === undefined) throw new Error(`src/ports/${file} has no interface ${name}`);
  return [...body.matchAll(/^ {2}(?:readonly )?(\w+)\??(?:[(<]|: \()/gm)].map(([, operation]) => operation!);
}
