/**
 * Seeds: 64 bits, written one way, as 13 digits of Crockford's base 32 (`7k3q9zt4mvx2c`). Case aside there is no second
 * spelling, so a seed can be compared, searched for and pasted as text.
 *
 * The seeds of a suite are a walk from its first one in steps of the golden ratio. A walk of small steps would do for the
 * streams, which mix every bit, but people start suites from 0, 1, 2 …, and those would share all but one seed. No
 * multiple of the golden ratio comes near a whole number soon, so starts less than 2^20 apart share none within 2^42 seeds.
 */
import { UsageError } from "../../base/errors.ts";
import { finish, hashText, mix } from "../../base/hash.ts";
import { shownText } from "./json.ts";

export { stream } from "../../kernel/rng.ts";

const digits = "0123456789abcdefghjkmnpqrstvwxyz";
const length = 13;

/** 2^64 divided by the golden ratio, made odd: the walk passes every seed before it comes back. */
const step = 0x9e37_79b9_7f4a_7c15n;

/** What a seed looks like; its text is canonical. */
export const seedPattern = /^[0-9a-f][0-9a-hjkmnp-tv-z]{12}$/;

/** The canonical text of a seed as people type it: upper case is lowered, leading zeros are filled in. */
export function parseSeed(text: string): string {
  // Only A to Z: other letters have lower cases too, and one of them is an ASCII letter (the Kelvin sign's is k).
  const lower = text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  const padded = lower.padStart(length, "0");
  if (lower.length > 0 && seedPattern.test(padded)) return padded;
  throw new UsageError(`"${shownText(text)}" is no seed: ${problem(lower)}`);
}

/** The seed with these 64 bits, as two words of 32; what lies above 32 bits of a word is ignored. */
export function formatSeed(high: number, low: number): string {
  return seedFromBits((BigInt(high >>> 0) << 32n) | BigInt(low >>> 0));
}

/** The seed with these bits, modulo 2^64. */
export function seedFromBits(bits: bigint): string {
  let rest = BigInt.asUintN(64, bits);
  let text = "";
  for (let place = 0; place < length; place++) {
    text = digits[Number(rest & 31n)]! + text;
    rest >>= 5n;
  }
  return text;
}

/** The 64 bits of a seed. */
export function seedBits(seed: string): bigint {
  let bits = 0n;
  for (const digit of parseSeed(seed)) bits = (bits << 5n) | BigInt(digits.indexOf(digit));
  return bits;
}

/** The seed at place `k` of a suite that starts from `seed`, which is itself at place 0. `nextSeed(s, k)` starts the rest. */
export function nextSeed(seed: string, k: number): string {
  return seedFromBits(seedBits(seed) + BigInt(k) * step);
}

/** A new seed from two words of 32 random bits. */
export function freshSeed(entropy: () => number): string {
  const high = entropy();
  return formatSeed(high, entropy());
}

/** The seed that stands for a text, such as the hash of a commit: the same text, the same seed. */
export function seedFromText(text: string): string {
  const first = hashText(text, 0x1b56c4e9);
  const second = hashText(text, 0x7f4a7c15);
  return formatSeed(finish(mix(first, second)), finish(mix(second, first)));
}

function problem(text: string): string {
  const allowed = `write up to ${length} digits of 0-9 and a-z without i, l, o and u, like "7k3q9zt4mvx2c"`;
  if (text.length === 0) return `it is empty; ${allowed}`;
  const wrong = Array.from(text).find((character) => !digits.includes(character));
  if (wrong !== undefined) return `it contains "${shownText(wrong)}"; ${allowed}`;
  if (text.length > length) return `it has ${text.length} digits; ${allowed}`;
  return `it is more than 64 bits, the first of ${length} digits is 0 to f; ${allowed}`;
}
