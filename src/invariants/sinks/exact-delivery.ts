/** S-SINK-1. */
import type { Json } from "../../base/json.ts";
import type { Breach } from "../../runner/definition.ts";
import type { Observed } from "../state/observed.ts";
import type { Frontier } from "../state/frontier.ts";
import type { Sink } from "./committed-progress.ts";
import { defineInvariant } from "../define-invariant.ts";
import { Collections, type Collection } from "../state/collections.ts";
import { isBefore } from "../state/frontier.ts";
import { SinkItems } from "./committed-progress.ts";
import { columnNames, impliedMessages, meaning, SinkInput } from "./implied-messages.ts";
import { SinkTransactions, type SentMessage, type SentTransaction } from "./transactions.ts";

interface Delivery {
  /** Times at which renderings without progress began to read. */
  readonly candidates: Set<number>;
  /** What was read of the input, once it is clear from where on. */
  input: SinkInput | null;
  columns: readonly string[] | undefined;
  /** Time of the last message, by partition. */
  readonly lastTimes: Map<string, number>;
}

interface State {
  readonly collections: Collections;
  readonly sinks: SinkItems;
  readonly transactions: SinkTransactions;
  readonly deliveries: Map<string, Delivery>;
}

/**
 * S-SINK-1: a read-committed consumer sees of each logical time all messages or none, each once, in order of time within
 * a partition; and when progress says `u`, exactly what the input's changes below `u` imply. Judged for each transaction
 * when all its markers are there. Everything it rests on is told where it is stored: appends and markers by the brokers,
 * the input by its shard. The one thing that a process tells is the time at which a first rendering begins to read; it
 * does so in an earlier dispatch than it sends anything, and where several renderings began, any of them may be the one.
 * A sink of which a topic was deleted is not judged any more.
 */
export const exactDelivery = defineInvariant<State, Observed>({
  id: "S-SINK-1",
  doc: "A sink's topic holds every change of its input exactly once, whole times at a time, as far as progress says.",
  state: () => ({
    collections: new Collections(),
    sinks: new SinkItems(),
    transactions: new SinkTransactions(),
    deliveries: new Map(),
  }),
  on: {
    "shard.changed": ({ collections, sinks, deliveries }, data) => {
      collections.changed(data);
      for (const { item } of sinks.changed(data)) {
        deliveries.set(item.id, { candidates: new Set(), input: null, columns: undefined, lastTimes: new Map() });
      }
    },
    "kafka.topic-deleted": ({ sinks }, data) => sinks.deleted(data),
    "sink.resumed": ({ deliveries }, { id, asOf, found }) => {
      if (!found) deliveries.get(id)?.candidates.add(asOf);
    },
    "kafka.appended": (state, data) => judged(state, state.transactions.appended(data)),
    "kafka.transaction-decided": ({ transactions }, data) => transactions.decided(data),
    "kafka.marker-written": (state, data) => judged(state, state.transactions.marked(data)),
  },
});

function judged({ sinks, deliveries, collections }: State, sent: SentTransaction | undefined): Breach | undefined {
  if (sent === undefined) return undefined;
  const { messages, upper } = sent;
  const topic = messages[0]?.topic;
  if (sent.sink === null) {
    if (topic === undefined) return undefined;
    return {
      subject: topic,
      message: `messages in ${topic} were committed without progress`,
      observed: messages.length,
    };
  }
  const sink = sinks.get(sent.sink);
  const delivery = deliveries.get(sent.sink);
  if (sink === undefined || delivery === undefined || sink.isGone) return undefined;
  const from = collections.get(sink.from);
  if (from === undefined) return undefined;
  const { name } = sink.item;
  if (isBefore(from.upper, upper)) {
    const message = `progress of sink ${name} is beyond what is known of its input`;
    return { subject: name, message, expected: from.upper, observed: upper };
  }
  return outOfOrder(name, delivery, messages) ?? differing({ sink, delivery, from }, messages, upper);
}

/** Times must not fall within a partition. */
function outOfOrder(name: string, { lastTimes }: Delivery, messages: readonly SentMessage[]): Breach | undefined {
  for (const { partition, time } of messages) {
    const last = lastTimes.get(partition) ?? time;
    if (time < last) {
      const message = `times of sink ${name} go back within a partition`;
      return { subject: name, message, expected: last, observed: time };
    }
    lastTimes.set(partition, time);
  }
  return undefined;
}

interface Scene {
  readonly sink: Sink;
  readonly delivery: Delivery;
  readonly from: Collection;
}

function differing(scene: Scene, messages: readonly SentMessage[], upper: Frontier): Breach | undefined {
  const { delivery, from, sink } = scene;
  for (const message of messages) delivery.columns ??= columnNames(message, sink.statement);
  if (delivery.input !== null) return compared(scene, delivery.input, messages, upper);
  if (delivery.candidates.size === 0) return undefined;
  let breach: Breach | undefined;
  let isEarly = false;
  for (const asOf of delivery.candidates) {
    if (upper !== null && upper <= asOf) {
      // Nothing of this rendering may be there yet.
      isEarly ||= messages.length === 0;
      continue;
    }
    const input = new SinkInput(from.changes, asOf);
    const found = compared(scene, input, messages, upper);
    breach ??= found;
    if (found !== undefined) continue;
    delivery.input = input;
    return undefined;
  }
  if (isEarly) return undefined;
  const { name } = sink.item;
  return breach ?? { subject: name, message: `sink ${name} sent messages before its contents begin`, observed: upper };
}

/** Holds the messages of a transaction against what the input implies up to its progress. */
function compared(
  { sink, delivery }: Scene,
  input: SinkInput,
  messages: readonly SentMessage[],
  upper: Frontier,
): Breach | undefined {
  const { name } = sink.item;
  const sendings = input.read(upper);
  if (input.isHeld) {
    const message = `progress of sink ${name} is beyond the time at which its input became an error`;
    return { subject: name, message, observed: upper };
  }
  const counts = new Map<string, number>();
  const count = (time: number, text: string, diff: number): void => {
    const key = `${time} ${text}`;
    const sum = (counts.get(key) ?? 0) + diff;
    if (sum === 0) counts.delete(key);
    else counts.set(key, sum);
  };
  const columns = delivery.columns ?? sink.statement.key;
  for (const sending of sendings) {
    for (const text of impliedMessages(sending, sink.statement, columns)) count(sending.time, text, 1);
  }
  for (const message of messages) count(message.time, meaning(message, sink.statement), -1);
  if (counts.size === 0) return undefined;
  const missing = [...counts].filter(([, sum]) => sum > 0).map(([key]) => key);
  const extra = [...counts].filter(([, sum]) => sum < 0).map(([key]) => key);
  const what = missing.length > 0 ? `lacks ${missing[0]}` : `has ${extra[0]} too often`;
  return {
    subject: name,
    message: `the topic of sink ${name} ${what}`,
    expected: listed(missing),
    observed: listed(extra),
  };
}

function listed(texts: readonly string[]): Json {
  return { count: texts.length, first: texts.slice(0, 3) };
}
