/**
 * The oracle of every choice inside a run. A choice is asked for by site (what kind of decision) and key (which message
 * or operation), never by its position in a stream: one more draw elsewhere moves nothing here. Random, replayed and,
 * later, exhaustive exploration are implementations of this one method.
 */
import { finish, hashText, mix } from "../base/hash.ts";

export interface Oracle {
  /** A whole number in [0, n); the same for the same (site, key, n). `n` is small: latencies are buckets. */
  choose(site: number, key: number, n: number): number;
}

/** The number that stands for a site in choices. */
export function site(name: string): number {
  return hashText(name);
}

/** One key out of several whole numbers. */
export function key(a: number, b = 0, c = 0): number {
  return mix(mix(mix(0x2545f491, a), b), c);
}

/** Choices as a hash of (seed, site, key). */
export class RandomOracle implements Oracle {
  readonly #seed: number;
  readonly #salt: number;

  constructor(seed: string) {
    this.#seed = hashText(seed);
    this.#salt = hashText(seed, 0x5bd1e995);
  }

  choose(site: number, key: number, n: number): number {
    const bits = finish(mix(mix(mix(this.#seed, site), key), this.#salt));
    return Math.floor((bits * n) / 4_294_967_296);
  }
}

export interface Choice {
  readonly site: number;
  readonly key: number;
  readonly n: number;
  readonly chosen: number;
}

/** Another oracle's choices, written down as they are made. */
export class RecordingOracle implements Oracle {
  readonly choices: Choice[] = [];
  readonly #inner: Oracle;

  constructor(inner: Oracle) {
    this.#inner = inner;
  }

  choose(site: number, key: number, n: number): number {
    const chosen = this.#inner.choose(site, key, n);
    this.choices.push({ site, key, n, chosen });
    return chosen;
  }
}

/** Choices that were written down or set by hand; where there is none (or it no longer fits), those of `otherwise`. */
export class ReplayOracle implements Oracle {
  readonly #chosen = new Map<string, number>();
  readonly #otherwise: Oracle;

  constructor(choices: readonly Choice[], otherwise: Oracle) {
    for (const choice of choices) this.#chosen.set(`${choice.site}/${choice.key}`, choice.chosen);
    this.#otherwise = otherwise;
  }

  choose(site: number, key: number, n: number): number {
    const chosen = this.#chosen.get(`${site}/${key}`);
    return chosen === undefined || chosen >= n ? this.#otherwise.choose(site, key, n) : chosen;
  }
}
