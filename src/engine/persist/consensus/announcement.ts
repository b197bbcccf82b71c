/**
 * What listeners are told of a new state: as much of it as a notification can carry, so that most have nothing left to ask
 * for. What is left out they read where it is stored.
 */

export interface Announcement {
  readonly shard: string;
  readonly sequence: number;
  /** The state; undefined when it is too long. */
  readonly data: string | undefined;
  /** The batch that came with it, if any and if there is room. */
  readonly blob: { readonly key: string; readonly body: string } | undefined;
}

/** A notification carries less than 8,000 bytes. */
const payloadMax = 7_999;

/** `<shard> <sequence> <length of data> <length of key> `, then data, key and body. */
export function writeAnnouncement({ shard, sequence, data, blob }: Announcement): string {
  const bare = `${shard} ${sequence} `;
  if (data === undefined) return `${bare}0 0 `;
  if (blob !== undefined) {
    const whole = `${bare}${data.length} ${blob.key.length} ${data}${blob.key}${blob.body}`;
    if (fits(whole)) return whole;
  }
  const half = `${bare}${data.length} 0 ${data}`;
  return fits(half) ? half : `${bare}0 0 `;
}

/** The parts of a notification. */
export function readAnnouncement(payload: string): Announcement {
  const [shard, sequence, dataLength, keyLength] = payload.split(" ", 4) as [string, string, string, string];
  const begin = shard.length + sequence.length + dataLength.length + keyLength.length + 4;
  const end = begin + Number(dataLength);
  const keyEnd = end + Number(keyLength);
  return {
    shard,
    sequence: Number(sequence),
    data: end === begin ? undefined : payload.slice(begin, end),
    blob: keyEnd === end ? undefined : { key: payload.slice(end, keyEnd), body: payload.slice(keyEnd) },
  };
}

function fits(payload: string): boolean {
  // A code unit is at most three bytes; counting them exactly is only worth it in between.
  return payload.length * 3 <= payloadMax || (payload.length <= payloadMax && byteLength(payload) <= payloadMax);
}

function byteLength(text: string): number {
  let bytes = 0;
  for (const point of text) {
    const code = point.codePointAt(0)!;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
