/** How large a batch is, about: keys, values and headers in UTF-8, and what a batch and a record take besides. */
import type { KafkaRecord } from "../../../ports/kafka-rpc.ts";

const batchOverhead = 61;
const recordOverhead = 8;

/** Bytes of a record in a batch. */
export function recordBytes({ key, value, headers }: KafkaRecord): number {
  let bytes = recordOverhead + utf8Bytes(key ?? "") + utf8Bytes(value ?? "");
  for (const [name, text] of headers) bytes += utf8Bytes(name) + utf8Bytes(text);
  return bytes;
}

/** Whether a batch of these records has more than so many bytes. */
export function isLarger(records: readonly KafkaRecord[], most: number): boolean {
  let bytes = batchOverhead;
  for (const record of records) {
    bytes += recordBytes(record);
    if (bytes > most) return true;
  }
  return false;
}

function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) continue;
    // A surrogate is half of a character of four bytes.
    bytes += unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 1 : 2;
  }
  return bytes;
}
