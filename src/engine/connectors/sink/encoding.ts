/** From changes of a collection at one time to messages. Every message carries its logical time in a header. */
import type { KafkaRecord } from "../../../ports/kafka-rpc.ts";
import type { Column, Row, Time, Update } from "../../collection.ts";
import type { SinkObject } from "../../compute/protocol.ts";
import { hashText } from "../../../base/hash.ts";
import { ConnectorFailure } from "../attempts.ts";

/** Header that holds the logical time of a message, milliseconds. */
export const timeHeader = "wavetank-time";

export interface Message {
  readonly partition: number;
  readonly record: KafkaRecord;
}

interface Change {
  readonly key: string | null;
  readonly before: Row[];
  readonly after: Row[];
}

/**
 * Messages for the changes at one time, which are consolidated: one per key for `upsert`, before and after for
 * `debezium`. In the order in which keys first appear. Throws a definite failure where a key is not unique or a
 * multiplicity is negative.
 */
export function encode(
  sink: SinkObject,
  time: Time,
  changes: readonly Update<Row>[],
  partitions: number,
): readonly Message[] {
  const byKey = new Map<string, Change>();
  for (const [row, , diff] of changes) {
    const key =
      sink.key.length === 0
        ? null
        : object(
            sink.key.map((index) => sink.columns[index]!),
            sink.key.map((index) => row[index] ?? null),
          );
    const text = key ?? object(sink.columns, row);
    let change = byKey.get(text);
    if (change === undefined) byKey.set(text, (change = { key, before: [], after: [] }));
    const rows = diff < 0 ? change.before : change.after;
    for (let count = Math.abs(diff); count > 0; count--) rows.push(row);
  }
  return [...byKey].flatMap(([text, change]) => {
    const partition = (hashText(text) >>> 0) % partitions;
    return values(sink, text, change).map((value) => ({ partition, record: record(change.key, value, time) }));
  });
}

function values(sink: SinkObject, text: string, { key, before, after }: Change): readonly (string | null)[] {
  if (key !== null && (after.length > 1 || before.length > 1)) {
    throw new ConnectorFailure("definite", "21000", `key ${text} is not unique: the sink cannot tell its rows apart`);
  }
  if (sink.envelope === "upsert") {
    if (key === null) throw new ConnectorFailure("definite", "42601", "ENVELOPE UPSERT needs a KEY");
    return [after[0] === undefined ? null : object(sink.columns, after[0])];
  }
  const count = Math.max(before.length, after.length);
  return Array.from({ length: count }, (_, index) => {
    const side = (row: Row | undefined): string => (row === undefined ? "null" : object(sink.columns, row));
    return `{"before":${side(before[index])},"after":${side(after[index])}}`;
  });
}

function record(key: string | null, value: string | null, time: Time): KafkaRecord {
  return { key, value, headers: [[timeHeader, String(time)]], timestamp: time };
}

/** A JSON object with the columns' names, in their order. */
function object(columns: readonly Column[], row: Row): string {
  return `{${columns.map(({ name }, index) => `${JSON.stringify(name)}:${JSON.stringify(row[index] ?? null)}`).join(",")}}`;
}
