/** What users read when Kafka fails a connector. */
import { describe, expect, it } from "vitest";
import { describeKafkaFailure, type KafkaObject } from "../../../src/engine/connectors/failure-text.ts";
import { errorTable } from "../../../src/sim/kafka/client/error-table.ts";

const object: KafkaObject = { kind: "sink", topic: "orders", brokers: ["a:1", "b:2"] };
const network = ["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "ENOTFOUND", "REQUEST_TIMED_OUT"];

describe("the text of a failure of Kafka", () => {
  it.each(network)("%s names the brokers, and says that they are to be looked at", (code) => {
    const { message, hint } = describeKafkaFailure(code, object);
    expect(message).toContain("Kafka at a:1, b:2");
    expect(message.endsWith(`(${code})`)).toBe(true);
    expect(hint).toContain("a:1, b:2");
    expect(hint).toContain("tried again");
  });

  it.each(Object.keys(errorTable))("%s names the topic or the brokers, in words", (code) => {
    const { message, hint } = describeKafkaFailure(code, object);
    expect(message).toMatch(/topic "orders"|a:1, b:2/);
    expect(message.replace(`(${code})`, "")).not.toMatch(/[A-Z]+_[A-Z]+/);
    expect(hint.endsWith(".")).toBe(true);
  });

  it("names what to do where trying again does not help", () => {
    expect(describeKafkaFailure("UNKNOWN_TOPIC_ID", { ...object, kind: "source" })).toEqual({
      message: 'topic "orders" was deleted (UNKNOWN_TOPIC_ID)',
      hint: "Drop the source and create it again.",
    });
  });

  it("names a code that it does not know, and Kafka where no broker is given", () => {
    expect(describeKafkaFailure("NEW_CODE", { ...object, brokers: [] }).message).toBe(
      'Kafka refused a request about topic "orders" (NEW_CODE)',
    );
  });

  it("is the same each time, and different for another code or object", () => {
    const said = (code: string, more: Partial<KafkaObject> = {}) =>
      describeKafkaFailure(code, { ...object, ...more }).message;
    expect(said("ETIMEDOUT")).toBe(said("ETIMEDOUT"));
    const all = [said("ETIMEDOUT"), said("ECONNREFUSED"), said("ETIMEDOUT", { brokers: ["c:3"] })];
    expect(new Set([...all, said("MESSAGE_TOO_LARGE"), said("MESSAGE_TOO_LARGE", { topic: "x" })]).size).toBe(5);
  });
});
