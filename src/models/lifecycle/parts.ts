/**
 * The parts of a connector that make one call after the other, and what became of their calls: the model's own account,
 * which its core is judged by. Attempts and times are ranks. Two parts are enough: whether a part is the last one in vain
 * is all that a core can ask about the others.
 */
import type { Lifecycle } from "../../engine/connectors/lifecycle.ts";

/** A part, as far as it is in trouble. */
export interface Part {
  readonly name: string;
  /** Nothing that it calls answers. */
  readonly isOut: boolean;
  /** Attempts in vain since the rendering, the last success of it or the last failure of the connector. */
  readonly attempts: number;
  /** The first of these is as far back as makes an outage. */
  readonly isLong: boolean;
}

/** One more attempt in vain makes no difference. */
const attemptsMax = 3;
/** Nor does more time behind the first one, µs. The present is time 0 always: the past moves. */
const lastedMax = 2_000_000;

/** So many parts of a connector that is well. */
export function partsOf(count: number): readonly Part[] {
  return Array.from({ length: count }, (_, index) => ({ name: `partition ${index}`, isOut: false, ...quiet() }));
}

/** What is left of what parts tried once the connector begins anew. */
export function forgotten(all: readonly Part[]): readonly Part[] {
  return all.map((part) => ({ ...part, ...quiet() }));
}

/** The part, replaced where it stands. */
export function changed(all: readonly Part[], part: Part): readonly Part[] {
  return all.map((each) => (each.name === part.name ? part : each));
}

/** One more attempt of it was in vain. */
export function triedInVain(part: Part): Part {
  return { ...part, attempts: Math.min(part.attempts + 1, attemptsMax) };
}

/** A call of it has succeeded. */
export function gotThrough(part: Part): Part {
  return { ...part, ...quiet() };
}

/** Its last attempt did not get through. */
export function isInVain({ attempts }: Part): boolean {
  return attempts > 0;
}

/** Its next attempt in vain shows, if it runs; or this one did. */
export function isOutage({ attempts, isLong }: Part): boolean {
  return isLong && attempts >= attemptsMax;
}

/** The core's own account, as ranks, in an order that does not depend on who was troubled last. */
export function ranked(vain: Lifecycle["vain"]): Lifecycle["vain"] {
  const rank = ({ part, attempts, since }: Lifecycle["vain"][number]): Lifecycle["vain"][number] => ({
    part,
    attempts: Math.min(attempts, attemptsMax),
    since: Math.max(since, -lastedMax),
  });
  return vain.map(rank).toSorted((a, b) => (a.part < b.part ? -1 : 1));
}

/** The core's account when the time of an outage has passed since the first attempt in vain of a part. */
export function longAgo(vain: Lifecycle["vain"], { name }: Part): Lifecycle["vain"] {
  return vain.map((each) => (each.part === name ? { ...each, since: each.since - lastedMax } : each));
}

function quiet(): Pick<Part, "attempts" | "isLong"> {
  return { attempts: 0, isLong: false };
}
