/** Runs one leak as a process and says what the guard made of it. */
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { dispatch, FakeProcess, inMacrotask } from "../../ambient/fake-process.ts";
import type { Leak, LeakGroup } from "./leak.ts";

export interface Caught {
  readonly apis: readonly string[];
  /** File and line of each leak that was noted; columns are left out. */
  readonly places: readonly string[];
  /** Whether the program got the leak's own error, thrown or as a rejection. */
  readonly isThrown: boolean;
}

/** Runs `leak` in a fresh process of the given mode, with everything it queues. */
export async function catchLeak(leak: Leak, ambient: "virtual" | "ports"): Promise<Caught> {
  const process = new FakeProcess(ambient);
  let thrown: unknown;
  await inMacrotask(() => {
    try {
      dispatch(process, () => {
        const result = leak.run();
        if (result instanceof Promise) result.catch((error: unknown) => (thrown = error));
      });
    } catch (error) {
      thrown = error;
    }
  });
  return {
    apis: process.leaks.map((leaked) => leaked.api),
    places: process.leaks.map((leaked) => leaked.place.replace(/:\d+$/, "")),
    isThrown: process.leaks.some((leaked) => leaked.error === thrown),
  };
}

/** `file:line` of the entry's marker, from the directory the tests run in. */
export function expectedPlace(group: LeakGroup, leak: Leak): string {
  const file = fileURLToPath(group.file);
  const lines = readFileSync(file, "utf8").split("\n");
  const index = lines.findIndex((line) => line.endsWith(`// leak: ${leak.id}`));
  if (index < 0) throw new Error(`no line of ${file} ends in "// leak: ${leak.id}"`);
  return `${relative(process.cwd(), file)}:${index + 1}`;
}
