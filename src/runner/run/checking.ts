/** Checking mode's look at what leaves a process. */
import type { Process } from "../../kernel/process.ts";
import { isEngineMessage } from "../../ambient/engine-messages.ts";
import { placeOf } from "../../kernel/place.ts";

/** Reports a string that is one of V8's own error messages: they differ between versions of Node. */
export function checkOutgoing(process: Process, value: unknown): void {
  const found = engineMessageIn(value);
  if (found === undefined) return;
  process.kernel.fail({
    rule: "nondeterminism",
    subject: "engine error message",
    message: `${process.label} lets out V8's own error message ${JSON.stringify(found)}, which differs between versions of Node: use the error's name or a code of your own`,
    process: process.label,
    place: placeOf(new Error()),
  });
}

function engineMessageIn(value: unknown): string | undefined {
  if (typeof value === "string") return isEngineMessage(value) ? value : undefined;
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return undefined;
  for (const member of Object.values(value)) {
    const found = engineMessageIn(member);
    if (found !== undefined) return found;
  }
  return undefined;
}
