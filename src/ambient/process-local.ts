import type { AmbientProcess } from "../ports/ambient.ts";

/** State that every process has for itself, made when first asked for; gone with the process. */
export function processLocal<T>(make: (process: AmbientProcess) => T): (process: AmbientProcess) => T {
  const states = new WeakMap<AmbientProcess, { readonly state: T }>();
  return (process) => {
    let entry = states.get(process);
    if (entry === undefined) {
      entry = { state: make(process) };
      states.set(process, entry);
    }
    return entry.state;
  };
}
