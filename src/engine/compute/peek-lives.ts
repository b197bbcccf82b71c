/**
 * Which replicas a query is still asked of, as a pure core. One that ends the process which computes it must not end it
 * for ever: a replica that has begun two new lives under a query is not asked again, and a query that no replica of the
 * cluster is left for is answered with an error. A cluster without replicas makes it wait. Once would be enough to stop
 * the harm, but replicas die of other things too, and a query is worth a second try.
 */
import type { ClusterPolicies } from "./policies.ts";
import type { PeekOutcome } from "./protocol.ts";

/** By replica: the life in which it was asked last, and how many such lives have ended. */
export type PeekLives = ReadonlyMap<string, { readonly life: string; readonly ended: number }>;

/** A replica in this life could be asked: what is known then, and whether it is to be asked. */
export function lived(
  lives: PeekLives,
  replica: string,
  life: string,
  policies: Pick<ClusterPolicies, "mayAskAgain">,
): readonly [lives: PeekLives, isAsked: boolean] {
  const before = lives.get(replica);
  const ended = before === undefined ? 0 : before.ended + (before.life === life ? 0 : 1);
  return [new Map(lives).set(replica, { life, ended }), policies.mayAskAgain(ended)];
}

/** Whether there are replicas, and none of them is to be asked any more. */
export function isHopeless(
  lives: PeekLives,
  replicas: readonly string[],
  policies: Pick<ClusterPolicies, "mayAskAgain">,
): boolean {
  return replicas.length > 0 && replicas.every((name) => !policies.mayAskAgain(lives.get(name)?.ended ?? 0));
}

/** What a query is answered with that no replica is left for: SQLSTATE 57P02. */
export const givenUp: PeekOutcome = {
  ok: false,
  errors: [{ code: "57P02", message: "the replica was lost twice while it computed the query", identity: "" }],
};
