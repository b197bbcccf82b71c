/**
 * The commands that a replica must have heard, compacted, as a pure core: drops take their creations with them, the newest
 * description of an object is the only one, answered and cancelled peeks are gone. Replayed on every new connection.
 */
import type { ClusterCommand, Peek, RenderedObject } from "./protocol.ts";

export interface CommandHistory {
  /** In order of their first mention, which is the order of dependencies. */
  readonly objects: ReadonlyMap<string, RenderedObject>;
  readonly peeks: ReadonlyMap<string, Peek>;
  readonly isInitialized: boolean;
}

export const emptyHistory: CommandHistory = { objects: new Map(), peeks: new Map(), isInitialized: false };

/** The history after one more command. `hello` and `ping` are of a connection, not of the history. */
export function nextHistory(history: CommandHistory, command: ClusterCommand): CommandHistory {
  switch (command.kind) {
    case "hello":
    case "ping":
      return history;
    case "create":
      return { ...history, objects: new Map(history.objects).set(command.object.id, command.object) };
    case "drop":
      return { ...history, objects: without(history.objects, command.id) };
    case "peek":
      return { ...history, peeks: new Map(history.peeks).set(command.peek.uuid, command.peek) };
    case "cancel-peek":
      return { ...history, peeks: without(history.peeks, command.uuid) };
    case "initialization-complete":
      return { ...history, isInitialized: true };
  }
}

/**
 * What a new connection is told behind its hello. Nothing before the coordinator has mentioned all objects: a replica
 * drops what it has not heard of (B6).
 */
export function replay(history: CommandHistory): readonly ClusterCommand[] {
  if (!history.isInitialized) return [];
  return [
    ...[...history.objects.values()].map((object) => ({ kind: "create", object }) as const),
    { kind: "initialization-complete" },
    ...[...history.peeks.values()].map((peek) => ({ kind: "peek", peek }) as const),
  ];
}

function without<V>(map: ReadonlyMap<string, V>, key: string): ReadonlyMap<string, V> {
  const copy = new Map(map);
  copy.delete(key);
  return copy;
}
