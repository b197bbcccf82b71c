/**
 * The commands that a replica must have heard, compacted, as a pure core: drops take their creations with them, the newest
 * description of an object is the only one. Which replicas there are is part of it: what one of them alone is to run is
 * replayed to that one alone. Queries are left out: each is asked of a replica for as long as `peek-lives` says.
 */
import type { ClusterCommand, RenderedObject } from "./protocol.ts";
import type { ClusterPolicies } from "./policies.ts";

export interface CommandHistory {
  /** In order of their first mention, which is the order of dependencies. */
  readonly objects: ReadonlyMap<string, RenderedObject>;
  /** Names by age, the oldest first. */
  readonly replicas: readonly string[];
  readonly isInitialized: boolean;
}

/** A command about objects, or that there is a replica more or less. */
export type HistoryEvent =
  | Extract<ClusterCommand, { kind: "create" | "drop" | "initialization-complete" }>
  | { readonly kind: "add-replica"; readonly name: string }
  | { readonly kind: "drop-replica"; readonly name: string };

export const emptyHistory: CommandHistory = { objects: new Map(), replicas: [], isInitialized: false };

/** The history after one more event. */
export function nextHistory(
  history: CommandHistory,
  event: HistoryEvent,
  policies: Pick<ClusterPolicies, "isForgotten">,
): CommandHistory {
  switch (event.kind) {
    case "create":
      return { ...history, objects: new Map(history.objects).set(event.object.id, event.object) };
    case "drop":
      return policies.isForgotten(event.id) ? { ...history, objects: without(history.objects, event.id) } : history;
    case "initialization-complete":
      return { ...history, isInitialized: true };
    case "add-replica":
      return { ...history, replicas: [...history.replicas.filter((name) => name !== event.name), event.name] };
    case "drop-replica":
      return { ...history, replicas: history.replicas.filter((name) => name !== event.name) };
  }
}

/** Objects that a replica is to run, in order of their first mention. */
export function objectsOf(
  { objects, replicas }: CommandHistory,
  replica: string,
  { runsOn }: Pick<ClusterPolicies, "runsOn">,
): readonly RenderedObject[] {
  return [...objects.values()].filter((object) => runsOn(object, replica, replicas));
}

/**
 * What a new connection of a replica is told behind its hello, peeks aside: they wait until it has reconciled. That this
 * is all it hears only once the coordinator has mentioned all objects: a replica drops what it has not heard of (B6).
 */
export function replay(
  history: CommandHistory,
  replica: string,
  policies: Pick<ClusterPolicies, "runsOn">,
): readonly Extract<ClusterCommand, { kind: "create" | "initialization-complete" }>[] {
  const creations = objectsOf(history, replica, policies).map((object) => ({ kind: "create", object }) as const);
  return history.isInitialized ? [...creations, { kind: "initialization-complete" }] : creations;
}

function without<V>(map: ReadonlyMap<string, V>, key: string): ReadonlyMap<string, V> {
  const copy = new Map(map);
  copy.delete(key);
  return copy;
}
