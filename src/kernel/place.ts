/** Where in the code under test something happened, read from a stack. */
import { fileURLToPath } from "node:url";

/** Folder of Wavetank's own code, whose frames are passed over. */
const ownFolder = fileURLToPath(new URL("..", import.meta.url));

/** The first frame of an error's stack outside Wavetank, its dependencies and Node: `file:line:column`, or undefined. */
export function placeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || typeof error.stack !== "string") return undefined;
  for (const line of error.stack.split("\n")) {
    const place = locationOf(line);
    if (place === null || place.startsWith("node:") || place.startsWith(ownFolder)) continue;
    if (!/[\\/]node_modules[\\/]/.test(place)) return place;
  }
  return undefined;
}

/** The path with line and column of one line of a stack, or null for frames without (`<anonymous>`, `native`). */
export function locationOf(line: string): string | null {
  const match = /(?:\(|\bat (?:async )?)((?:file:\/\/|node:|[/\\]|[A-Za-z]:[/\\])[^()]*?:\d+:\d+)\)?$/.exec(line);
  if (match === null) return null;
  const text = match[1]!.replace(/\?[^:?]*(?=:\d+:\d+$)/, "");
  if (!text.startsWith("file://")) return text;
  const tail = /:\d+:\d+$/.exec(text)![0];
  return fileURLToPath(text.slice(0, -tail.length)) + tail;
}
