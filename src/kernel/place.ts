/** Where in the code under test something happened, read from a stack. */

/** Folder of Wavetank's own code, whose frames are passed over. */
const ownFolder = new URL("..", import.meta.url).pathname;

/** The first frame of an error's stack outside Wavetank, its dependencies and Node: `file:line:column`, or undefined. */
export function placeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || typeof error.stack !== "string") return undefined;
  for (const line of error.stack.split("\n")) {
    const match = /^\s+at (?:.*\()?((?:file:\/\/)?[/\\]?[^():]*(?::[\\/])?[^():]*:\d+:\d+)\)?$/.exec(line);
    if (match === null) continue;
    const place = match[1]!.replace(/^file:\/\//, "").replace(/^async /, "");
    if (place.startsWith("node:") || place.startsWith(ownFolder) || /[\\/]node_modules[\\/]/.test(place)) continue;
    return place;
  }
  return undefined;
}
