/**
 * How far objects are, by what replicas report: each replica for itself, and the furthest of all, which is durable whoever
 * wrote it. What a replica said holds for its connection alone: a new one begins with nothing, so that its reports may be
 * lower; within a connection they are not.
 */
import type { Frontier } from "../collection.ts";
import { isBeyond } from "../collection.ts";

export class Frontiers {
  /** By object, of its present incarnation. */
  readonly #furthest = new Map<string, Frontier>();
  /** By replica, then by object. */
  readonly #own = new Map<string, Map<string, Frontier>>();

  /** Takes in a report. Whether it is news of that replica, and whether nobody has come that far before. */
  reported(replica: string, id: string, upper: Frontier): { readonly isNews: boolean; readonly isFurthest: boolean } {
    const own = this.#own.get(replica) ?? new Map<string, Frontier>();
    this.#own.set(replica, own);
    return { isNews: advance(own, id, upper), isFurthest: advance(this.#furthest, id, upper) };
  }

  /** The object is gone, or another incarnation of it is there. */
  forgetObject(id: string): void {
    this.#furthest.delete(id);
    for (const own of this.#own.values()) own.delete(id);
  }

  /** The replica is gone, or connected anew. */
  forgetReplica(replica: string): void {
    this.#own.delete(replica);
  }
}

function advance(known: Map<string, Frontier>, id: string, upper: Frontier): boolean {
  const before = known.get(id);
  if (before === null || (before !== undefined && !isBeyond(upper, before))) return false;
  known.set(id, upper);
  return true;
}
