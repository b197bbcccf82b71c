/**
 * Integer hashing for keyed choices and the rolling trace hash. 32-bit lanes, multiplications by `Math.imul`: the same
 * bits on every machine. Mixing functions after the murmur3 finaliser; nothing here is cryptographic.
 */

const hexPairs: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Folds one 32-bit integer into a hash. */
export function mix(hash: number, value: number): number {
  let h = Math.imul(value, 0xcc9e2d51);
  h = Math.imul((h << 15) | (h >>> 17), 0x1b873593) ^ hash;
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}

/** Spreads every bit of a hash over all others; unsigned. */
export function finish(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A 32-bit hash of a text's UTF-16 code units. */
export function hashText(text: string, seed = 0x9747b28c): number {
  let h = seed | 0;
  for (let index = 0; index < text.length; index++) h = mix(h, text.charCodeAt(index));
  return finish(h ^ text.length) | 0;
}

/** A whole number of up to 53 bits as one 32-bit integer. */
export function fold53(value: number): number {
  // Times stay below this for over an hour, and a division is most of what this costs.
  if (value >= 0 && value < 4_294_967_296) return value | 0;
  return (value | 0) ^ Math.imul(Math.floor(value / 4_294_967_296) | 0, 0x9e3779b1);
}

/** Two 32-bit lanes as 16 hex digits. */
export function hex64(high: number, low: number): string {
  return hex32(high) + hex32(low);
}

// Number#toString(16) goes by way of floating point for what is above 31 bits, at several times the cost.
function hex32(lane: number): string {
  return (
    hexPairs[lane >>> 24]! + hexPairs[(lane >>> 16) & 255]! + hexPairs[(lane >>> 8) & 255]! + hexPairs[lane & 255]!
  );
}
