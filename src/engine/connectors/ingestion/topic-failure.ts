/**
 * What is wrong with a source's topic for good. It is in the source's collection as an error, which keeps the text alone:
 * from that an attempt that finds it there knows the rest again.
 */
import type { Entry, ErrorValue } from "../../collection.ts";
import { isError } from "../../collection.ts";
import { ConnectorFailure } from "../attempts.ts";
import { describeKafkaFailure, type KafkaObject } from "../failure-text.ts";

/** The topic is not the one that the source was made for. */
export function deleted(topic: string): ConnectorFailure {
  const hint = "drop the source and create it again to read a topic of that name from its beginning";
  return new ConnectorFailure("definite", "UNKNOWN_TOPIC_ID", `topic "${topic}" was deleted, or created again`, hint);
}

/** The failure itself, or what it says about the topic. */
export function explained(failure: ConnectorFailure, topic: string): ConnectorFailure {
  if (failure.code === "UNKNOWN_TOPIC_ID") return deleted(topic);
  return failure.code === "OFFSET_OUT_OF_RANGE" ? lost(topic) : failure;
}

/** The error of a source as its collection has it. */
export function sourceError(message: string): ErrorValue {
  return { code: "XX000", message, identity: "source" };
}

/** The error of the source itself among its contents; a record's key may be called the same. */
export function errorOf(contents: readonly (readonly [data: Entry, diff: number])[]): ErrorValue | undefined {
  const { code: ofSource, identity } = sourceError("");
  const errors = contents.map(([entry]) => entry).filter((entry) => isError(entry));
  return errors.find((error) => error.code === ofSource && error.identity === identity);
}

/** The failure whose text is in the collection; without a code that says more where the text is none of ours. Pure. */
export function recordedFailure(message: string, object: KafkaObject): ConnectorFailure {
  const known = [deleted(object.topic), lost(object.topic)].find((failure) => failure.message === message);
  if (known !== undefined) return known;
  const code = /\(([A-Z_]+)\)$/.exec(message)?.[1] ?? "XX000";
  const text = describeKafkaFailure(code, object);
  return new ConnectorFailure("definite", code, message, text.message === message ? text.hint : null);
}

function lost(topic: string): ConnectorFailure {
  const message = `records of topic "${topic}" are gone before they were read`;
  return new ConnectorFailure("definite", "OFFSET_OUT_OF_RANGE", message);
}
