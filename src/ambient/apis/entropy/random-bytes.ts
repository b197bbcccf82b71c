/** Random bytes, integers and UUIDs out of a process's stream: 32 bits a draw, little end first. */
import type { AmbientProcess } from "../../../ports/ambient.ts";

/** Overwrites every byte of `bytes`. */
export function fillRandom(owner: AmbientProcess, bytes: Uint8Array): void {
  for (let index = 0; index < bytes.length; index += 4) {
    const draw = owner.random32();
    const end = Math.min(4, bytes.length - index);
    for (let byte = 0; byte < end; byte++) bytes[index + byte] = (draw >>> (8 * byte)) & 0xff;
  }
}

/** The bytes behind a typed array, a DataView or an ArrayBuffer. */
export function bytesOf(view: ArrayBufferView | ArrayBufferLike): Uint8Array {
  return ArrayBuffer.isView(view)
    ? new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
    : new Uint8Array(view);
}

/** A whole number in [0, range), every one as likely; range up to 2^48. */
export function randomBelow(owner: AmbientProcess, range: number): number {
  const span = 281_474_976_710_656;
  const limit = span - (span % range);
  for (let attempt = 0; attempt < 64; attempt++) {
    const draw = (owner.random32() & 0xffff) * 4_294_967_296 + owner.random32();
    if (draw < limit) return draw % range;
  }
  return 0;
}

/** A version 4 UUID. */
export function randomUuid(owner: AmbientProcess): string {
  const bytes = new Uint8Array(16);
  fillRandom(owner, bytes);
  return uuidText(bytes, 4);
}

/** A version 7 UUID: the host's wall clock in front, random behind. */
export function timedUuid(owner: AmbientProcess): string {
  const bytes = new Uint8Array(16);
  fillRandom(owner, bytes);
  const millis = owner.wallMillis();
  const high = Math.floor(millis / 4_294_967_296);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, high & 0xffff);
  view.setUint32(2, millis >>> 0);
  return uuidText(bytes, 7);
}

function uuidText(bytes: Uint8Array, version: number): string {
  bytes[6] = (bytes[6]! & 0x0f) | (version << 4);
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
