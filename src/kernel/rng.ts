/** Named streams of random numbers, for what is drawn by position: a process's own entropy, the drawing of plans. */
import seedrandom from "seedrandom";

export interface Stream {
  /** 32 random bits, signed. */
  int32(): number;
}

/** The stream `name` of a seed; streams of different names are independent. */
export function stream(seed: string, name: string): Stream {
  return seedrandom.alea(`${seed}/${name}`);
}

/** A whole number in [0, n) from a stream; n up to 2^32. */
export function below(source: Stream, n: number): number {
  return Math.floor(((source.int32() >>> 0) * n) / 4_294_967_296);
}
