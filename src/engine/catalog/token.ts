/** Fence tokens: which environment may write, and how one that may not any more finds out. */
import type { Owner } from "../persist/persist.ts";

/** Deploy generation and epoch, compared in this order. One value of the catalog, so that both change at once. */
export type Token = Owner;

/** A durable token above one's own was seen. `by`: whether its generation is higher, or only its epoch. */
export interface Fence {
  readonly own: Token;
  readonly seen: Token;
  readonly by: "generation" | "epoch";
}

/** Negative, zero or positive as `a` is below, equal to or above `b`. */
export function compareTokens(a: Token, b: Token): number {
  return a.generation === b.generation ? a.epoch - b.epoch : a.generation - b.generation;
}

/** The largest of some tokens; null of none. */
export function largestToken(tokens: readonly Token[]): Token | null {
  let largest: Token | null = null;
  for (const token of tokens) if (largest === null || compareTokens(token, largest) > 0) largest = token;
  return largest;
}

/** What a durable token means for the holder of `own`: null unless it is above. */
export function fenceBy(own: Token, seen: Token): Fence | null {
  if (compareTokens(seen, own) <= 0) return null;
  return { own, seen, by: seen.generation > own.generation ? "generation" : "epoch" };
}
