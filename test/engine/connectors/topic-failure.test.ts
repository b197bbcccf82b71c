/** What a source has failed with for good, told from the text that its collection keeps. */
import { describe, expect, it } from "vitest";
import { ConnectorFailure } from "../../../src/engine/connectors/attempts.ts";
import { describeKafkaFailure, type KafkaObject } from "../../../src/engine/connectors/failure-text.ts";
import {
  deleted,
  errorOf,
  explained,
  recordedFailure,
  sourceError,
} from "../../../src/engine/connectors/ingestion/topic-failure.ts";

const object: KafkaObject = { kind: "source", topic: "orders", brokers: ["a:1"] };
const facts = ({ kind, code, message, hint }: ConnectorFailure): unknown => [kind, code, message, hint];

describe("a failure for good that is in the collection", () => {
  const lost = explained(new ConnectorFailure("definite", "OFFSET_OUT_OF_RANGE", "x"), "orders");
  const { message, hint } = describeKafkaFailure("INVALID_TOPIC", object);

  it.each([deleted("orders"), lost, new ConnectorFailure("definite", "INVALID_TOPIC", message, hint)])(
    "is the same as it was, code and hint included: $code",
    (failure) => {
      expect(facts(recordedFailure(failure.message, object))).toEqual(facts(failure));
    },
  );

  it("keeps a text that it does not know", () => {
    expect(facts(recordedFailure("it is broken", object))).toEqual(["definite", "XX000", "it is broken", null]);
    expect(facts(recordedFailure("Kafka at b:2 says no (INVALID_TOPIC)", object))).toEqual([
      "definite",
      "INVALID_TOPIC",
      "Kafka at b:2 says no (INVALID_TOPIC)",
      null,
    ]);
  });

  it("is told from an undecodable record of a key that is called the same", () => {
    const ofRecord = { code: "22P02", message: "no number", identity: "source" };
    const own = sourceError("the topic is gone");
    expect(errorOf([[ofRecord, 1]])).toBeUndefined();
    expect(
      errorOf([
        [["a", 1], 1],
        [ofRecord, 1],
        [own, 1],
      ]),
    ).toEqual(own);
  });
});

describe("a failure of Kafka", () => {
  it("says something about the topic where it is for good, and is itself otherwise", () => {
    const refused = new ConnectorFailure("transient", "ECONNREFUSED", "no");
    expect(explained(refused, "orders")).toBe(refused);
    expect(facts(explained(new ConnectorFailure("definite", "UNKNOWN_TOPIC_ID", "x"), "orders"))).toEqual(
      facts(deleted("orders")),
    );
  });
});
