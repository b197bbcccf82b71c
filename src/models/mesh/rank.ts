/**
 * Epochs as ranks. Of an epoch only its order among those that anybody still holds matters, so that states which differ
 * in nothing but times and nonces are one. A present epoch is an even number from 2 on; one that is minted into a gap
 * between them is odd until all are ranked anew. Zero is nobody's mint: a core may use it as a constant.
 */
import type { Epoch } from "../../engine/mesh/forming.ts";

/** The epoch of a rank. */
export function epochOf(rank: number): Epoch {
  return { millis: rank, nonce: rank };
}

function isEpoch(value: object): value is Epoch {
  return "millis" in value && "nonce" in value;
}

/** The ranks of all epochs in a value, however deep, as bits. */
export function ranksIn(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  if (isEpoch(value)) return value.millis === 0 ? 0 : rankBit(value.millis);
  let bits = 0;
  for (const part of value instanceof Map ? value.values() : Object.values(value)) bits |= ranksIn(part);
  return bits;
}

/** The bit of one rank. Throws `RangeError` when there are more epochs than bits. */
export function rankBit(rank: number): number {
  if (rank > rankMax) throw new RangeError("too many different epochs for one exploration");
  return 1 << rank;
}

/** The ranks that some bits stand for, smallest first. */
export function ranksOfBits(bits: number): readonly number[] {
  const ranks: number[] = [];
  for (let rank = 1; rank <= rankMax; rank++) if ((bits & (1 << rank)) !== 0) ranks.push(rank);
  return ranks;
}

/** Whether these are the first even numbers, so that nothing is to be ranked anew. */
export function isDense(bits: number): boolean {
  const evens = bits & evenBits;
  return evens === bits && ((evens + 4) & evens) === 0 && (evens === 0 || (evens & 4) !== 0);
}

const rankMax = 30;
const evenBits = 0x55555554;

/** The same value with other ranks. */
export function reranked<T>(value: T, rank: (old: number) => number): T {
  const visit = (part: unknown): unknown => {
    if (typeof part !== "object" || part === null) return part;
    if (isEpoch(part)) return part.millis === 0 ? part : epochOf(rank(part.millis));
    if (part instanceof Map) return new Map([...part].map(([key, inner]) => [key, visit(inner)]));
    if (Array.isArray(part)) return part.map(visit);
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, visit(inner)]));
  };
  return visit(value) as T;
}
