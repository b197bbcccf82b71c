/**
 * Progress records: what a sink writes last into each of its transactions, into a topic of one partition that all sinks
 * of a connection share. The last one of ours that is committed says where to resume.
 */
import type { Json } from "../../../base/json.ts";
import type { KafkaClient, TopicInfo } from "../../../ports/kafka.ts";
import type { KafkaRecord, StoredRecord } from "../../../ports/kafka-rpc.ts";
import type { EnginePorts } from "../../../ports/engine-ports.ts";
import type { Frontier } from "../../collection.ts";
import type { SinkObject } from "../../compute/protocol.ts";
import type { ConnectorPolicies } from "../policies.ts";
import { micros, parseDuration } from "../../../base/time.ts";
import { ConnectorFailure } from "../attempts.ts";

export interface Found {
  /** Undefined when there is no record of ours. */
  readonly upper: Frontier | undefined;
  readonly scanned: number;
  readonly bound: number;
}

/** Other sinks' open transactions may hold the scan up for their timeout; longer than this is a failure. */
const scanTimeout = parseDuration("45s");

/** The progress topic of a connection. */
export function progressTopic(sink: SinkObject): string {
  return `wavetank-progress-${sink.connection}`;
}

/** The record that says that everything below `upper` is in the data topic. */
export function progressRecord(sink: SinkObject, upper: Frontier, timestamp: number): KafkaRecord {
  const value = JSON.stringify({ upper: upper === null ? [] : [upper], incarnation: sink.incarnation });
  return { key: progressKey(sink), value, headers: [], timestamp };
}

/** Makes sure that the progress topic exists. Repeatable. */
export async function ensureProgressTopic(kafka: KafkaClient, sink: SinkObject): Promise<TopicInfo> {
  const name = progressTopic(sink);
  const existing = await kafka.topic(name);
  if (existing === undefined) {
    await kafka.createTopic(name, { partitions: 1, config: { "cleanup.policy": "compact", "retention.ms": "-1" } });
  }
  const found = existing ?? (await kafka.topic(name));
  if (found === undefined) {
    throw new ConnectorFailure(
      "transient",
      "UNKNOWN_TOPIC_OR_PARTITION",
      `progress topic "${name}" does not exist yet`,
    );
  }
  if (found.partitions !== 1) {
    throw new ConnectorFailure(
      "definite",
      "INVALID_PARTITIONS",
      `progress topic "${name}" has ${found.partitions} partitions, not 1`,
    );
  }
  return found;
}

/**
 * Reads the progress topic up to the high watermark that it has now. To be called behind the producer's init: from then
 * on no predecessor can commit. Fails as transient when it takes too long, as definite when progress went backwards.
 */
export async function scanProgress(
  ports: EnginePorts,
  kafka: KafkaClient,
  sink: SinkObject,
  topic: TopicInfo,
  policies: ConnectorPolicies,
): Promise<Found> {
  const where = { topic: topic.name, topicId: topic.id, partition: 0 };
  const marks = await kafka.watermarks(where);
  const bound = policies.scanBound(marks);
  const endsAt = micros(ports.host.clock.monotonic() + scanTimeout);
  let upper: Frontier | undefined;
  let position = marks.logStartOffset;
  for (let isEmpty = false; !policies.isScanComplete({ position, bound, isEmpty });) {
    if (ports.host.clock.monotonic() > endsAt) {
      throw new ConnectorFailure("transient", "REQUEST_TIMED_OUT", "reading the progress topic took too long");
    }
    const fetched = await kafka.fetch(where, position, {
      isolation: "read_committed",
      maxWait: "1s",
      maxRecords: 1_000,
    });
    isEmpty = fetched.nextOffset === position;
    position = fetched.nextOffset;
    for (const record of fetched.records) upper = later(sink, upper, record);
  }
  return { upper, scanned: position, bound };
}

function later(sink: SinkObject, known: Frontier | undefined, record: StoredRecord): Frontier | undefined {
  if (record.key !== progressKey(sink)) return known;
  const upper = parseUpper(record);
  if (known !== undefined && (known === null ? upper !== null : upper !== null && upper < known)) {
    throw new ConnectorFailure("definite", "XX001", `progress of the sink went backwards at offset ${record.offset}`);
  }
  return upper;
}

function parseUpper({ value, offset }: StoredRecord): Frontier {
  let parsed: Json | undefined;
  try {
    parsed = JSON.parse(value ?? "");
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  const upper = (parsed as { readonly upper?: readonly Json[] } | undefined)?.upper;
  if (!Array.isArray(upper) || upper.length > 1 || (upper.length === 1 && !Number.isSafeInteger(upper[0]))) {
    throw new ConnectorFailure("definite", "XX001", `the progress record at offset ${offset} cannot be read`);
  }
  return upper.length === 0 ? null : (upper[0] as number);
}

function progressKey(sink: SinkObject): string {
  return `sink-${sink.id}`;
}
