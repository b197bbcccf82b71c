/** S-SINK-1, 2, 3, 5 and 6: what a sink sends against its input and its progress. */
import { describe, expect, it } from "vitest";
import type { Json } from "../../../src/base/json.ts";
import type { KafkaRecord } from "../../../src/ports/kafka-rpc.ts";
import { exactDelivery } from "../../../src/invariants/sinks/exact-delivery.ts";
import { fencedCommits } from "../../../src/invariants/sinks/fenced-commits.ts";
import { progressBeyondAsOf } from "../../../src/invariants/sinks/progress-beyond-as-of.ts";
import { progressRises } from "../../../src/invariants/sinks/progress-rises.ts";
import { resumedProgress } from "../../../src/invariants/sinks/resumed-progress.ts";
import { item, shard, view } from "../../support/catalog-entries.ts";
import { catalogHistory, firstBreach, shardHistory, type Seen } from "../../support/hand-trace.ts";
import { KafkaHistory, record, type Writer } from "../../support/kafka-history.ts";

const progress = "wavetank-progress-u1";
const first: Writer = { transactionalId: "sink-u3", producerId: 1, epoch: 0 };
const second: Writer = { ...first, epoch: 1 };

type Change = readonly [data: Json, time: number, diff: number];

class Story {
  readonly kafka = new KafkaHistory();
  readonly #change = shardHistory();
  readonly begin: readonly Seen[];

  constructor(tail = 'KEY ("k") FORMAT JSON ENVELOPE UPSERT') {
    const sink = `CREATE SINK "out" FROM "totals" INTO KAFKA CONNECTION "kafka" (TOPIC 'out', PARTITION COUNT 2) ${tail}`;
    const entries = [
      item("u1", "connection", "kafka", "CREATE CONNECTION \"kafka\" TO KAFKA (BROKERS ('broker-1:9092'))"),
      view("u2", "totals", "SELECT 1"),
      shard("u2"),
      item("u3", "sink", "out", sink),
      shard("u3"),
    ];
    this.begin = [catalogHistory()([], entries), ["process.started", { host: "clusterd-0", process: "clusterd-0#1" }]];
  }

  input(upper: number, updates: readonly Change[]): Seen {
    return this.#change("u2", { upper, updates });
  }

  /** One transaction, all of it committed. */
  sends(upper: number | null, records: readonly KafkaRecord[], writer = first, partition = 0): readonly Seen[] {
    const value = JSON.stringify({ upper: upper === null ? [] : [upper] });
    return [
      ...(records.length === 0 ? [] : [this.kafka.appended("out", records, writer, partition)]),
      this.kafka.appended(progress, [record("sink-u3", value)], writer),
      this.kafka.decided(writer),
      this.kafka.marker(progress, writer),
      ...(records.length === 0 ? [] : [this.kafka.marker("out", writer, "commit", partition)]),
    ];
  }
}

function resumed(resume: number | null, about: object = {}): Seen {
  const told = { id: "u3", incarnation: 1, resume, asOf: 5, scanned: 0, bound: 0, found: resume !== 0, ...about };
  return ["sink.resumed", told, "clusterd-0#1"];
}

const total = (k: number, n: number, time: number): KafkaRecord => record(`{"k":${k}}`, `{"k":${k},"n":${n}}`, time);
const gone = (k: number, time: number): KafkaRecord => record(`{"k":${k}}`, null, time);

describe("S-SINK-1", () => {
  const changes: readonly Change[] = [
    [[1, 10], 2, 1],
    [[2, 20], 4, 1],
    [[1, 10], 7, -1],
    [[1, 11], 7, 1],
    [[2, 20], 8, -1],
  ];
  const begun = (): readonly [Story, readonly Seen[]] => {
    const story = new Story();
    return [story, [...story.begin, story.input(9, changes), resumed(0)]];
  };

  it("accepts the contents at the beginning as one time, and every change after it", () => {
    const [story, trace] = begun();
    const sent = [
      ...story.sends(8, [total(1, 10, 5), total(2, 20, 5), total(1, 11, 7)]),
      ...story.sends(9, [gone(2, 8)]),
      story.input(12, []),
      ...story.sends(12, []),
    ];
    expect(firstBreach(exactDelivery, [...trace, ...sent])).toBeUndefined();
  });

  it.each<readonly [string, number, readonly KafkaRecord[]]>([
    ["a message that is missing", 8, [total(1, 10, 5), total(2, 20, 5)]],
    ["a message that is there twice", 7, [total(1, 10, 5), total(2, 20, 5), total(2, 20, 5)]],
    ["a message beyond its progress", 7, [total(1, 10, 5), total(2, 20, 5), total(1, 11, 7)]],
    ["another value", 7, [total(1, 10, 5), total(2, 21, 5)]],
    ["another time", 8, [total(1, 10, 2), total(2, 20, 4), total(1, 11, 7)]],
    ["times that go back", 8, [total(1, 11, 7), total(1, 10, 5), total(2, 20, 5)]],
    ["progress beyond the input", 13, [total(1, 10, 5), total(2, 20, 5), total(1, 11, 7), gone(2, 8)]],
    ["contents that are skipped", 8, [total(1, 11, 7)]],
  ])("rejects %s", (_what, upper, records) => {
    const [story, trace] = begun();
    expect(firstBreach(exactDelivery, [...trace, ...story.sends(upper, records)])?.subject).toBe("out");
  });

  it("takes a transaction for sent when all its markers are there, and an aborted one for nothing", () => {
    const [story, trace] = begun();
    const aborted = [
      story.kafka.appended("out", [total(9, 9, 5)], first),
      story.kafka.decided(first, false),
      story.kafka.marker("out", first, "abort"),
    ];
    const [data, record1, decided, progressMarker, dataMarker] = story.sends(7, [total(1, 10, 5), total(2, 20, 5)]);
    const open = [...trace, ...aborted, data!, record1!, decided!, progressMarker!];
    expect(firstBreach(exactDelivery, [...open, dataMarker!, ...story.sends(8, [total(1, 11, 7)])])).toBeUndefined();
  });

  it("any of several first renderings may be the one that sent", () => {
    const [story, trace] = begun();
    const later = [...trace, resumed(0, { asOf: 7 })];
    expect(
      firstBreach(exactDelivery, [...later, ...story.sends(8, [total(1, 11, 7), total(2, 20, 7)])]),
    ).toBeUndefined();
  });

  it("what changes while the input is an error comes when the error goes", () => {
    const story = new Story();
    const error: Json = { code: "22012", message: "division by zero", identity: "x" };
    const input = story.input(20, [
      [[1, 10], 6, 1],
      [error, 8, 1],
      [[1, 10], 9, -1],
      [[1, 12], 9, 1],
      [error, 11, -1],
    ]);
    const trace = [...story.begin, input, resumed(0), ...story.sends(8, [total(1, 10, 6)])];
    expect(firstBreach(exactDelivery, [...trace, ...story.sends(15, [total(1, 12, 11)])])).toBeUndefined();
    const early = new Story();
    const held = [...early.begin, input, resumed(0), ...early.sends(10, [total(1, 10, 6)])];
    expect(firstBreach(exactDelivery, held)?.message).toContain("became an error");
  });

  it("reads what debezium says", () => {
    const story = new Story("FORMAT JSON ENVELOPE DEBEZIUM");
    const change = (before: string, after: string, time: number): KafkaRecord =>
      record(null, `{"before":${before},"after":${after}}`, time);
    const trace = [...story.begin, story.input(9, changes.slice(0, 3)), resumed(0)];
    const sent = [
      change("null", '{"k":1,"n":10}', 5),
      change("null", '{"k":2,"n":20}', 5),
      change('{"k":1,"n":10}', "null", 7),
    ];
    expect(firstBreach(exactDelivery, [...trace, ...story.sends(9, sent)])).toBeUndefined();
    const again = new Story("FORMAT JSON ENVELOPE DEBEZIUM");
    const half = [...again.begin, again.input(9, changes), resumed(0), ...again.sends(9, sent)];
    expect(firstBreach(exactDelivery, half)).toBeDefined();
  });

  it("says nothing once a topic was deleted", () => {
    const [story, trace] = begun();
    expect(firstBreach(exactDelivery, [...trace, story.kafka.deleted("out"), ...story.sends(9, [])])).toBeUndefined();
  });
});

describe("S-SINK-2", () => {
  it("accepts a transaction whose successor aborts it", () => {
    const { kafka } = new Story();
    const trace = [
      kafka.initialised(first),
      kafka.appended("out", [total(1, 1, 1)], first),
      kafka.marker("out", first, "abort"),
    ];
    const next = [
      kafka.initialised(second),
      kafka.appended("out", [total(1, 1, 1)], second),
      kafka.marker("out", second),
    ];
    expect(firstBreach(fencedCommits, [...trace, ...next])).toBeUndefined();
  });

  it("rejects one that is committed behind its successor's init, also where ids differ between instances", () => {
    const { kafka } = new Story();
    const open = [kafka.initialised(first), kafka.appended("out", [total(1, 1, 1)], first)];
    expect(firstBreach(fencedCommits, [...open, kafka.initialised(second), kafka.marker("out", first)])?.subject).toBe(
      "sink-u3",
    );
    const other: Writer = { transactionalId: "sink-u3-clusterd-1#2", producerId: 2, epoch: 0 };
    expect(firstBreach(fencedCommits, [...open, kafka.initialised(other), kafka.marker("out", first)])).toBeDefined();
  });
});

describe("S-SINK-3", () => {
  it("accepts a sink that resumes at what was committed when it was initialised", () => {
    const story = new Story();
    const trace = [...story.begin, story.kafka.initialised(first), resumed(0), ...story.sends(8, [])];
    const next = [story.kafka.initialised(second), resumed(8, { scanned: 2, bound: 2 })];
    expect(firstBreach(resumedProgress, [...trace, ...next])).toBeUndefined();
  });

  it.each([
    ["earlier progress", resumed(7, { scanned: 2, bound: 2 })],
    ["no progress", resumed(0, { scanned: 2, bound: 2 })],
    ["a scan that stopped before its own transactions", resumed(8, { scanned: 1, bound: 1 })],
    ["a scan that stopped before its bound", resumed(8, { scanned: 2, bound: 3 })],
  ])("rejects %s", (_what, last) => {
    const story = new Story();
    const trace = [...story.begin, story.kafka.initialised(first), resumed(0), ...story.sends(8, [])];
    expect(firstBreach(resumedProgress, [...trace, story.kafka.initialised(second), last])?.subject).toBe("out");
  });

  it("does not judge who was fenced since, or was taken for dead", () => {
    const story = new Story();
    const trace = [
      ...story.begin,
      story.kafka.initialised(first),
      ...story.sends(8, []),
      story.kafka.initialised(second),
    ];
    const fenced = story.kafka.initialised({ ...first, epoch: 2 }, "clusterd-1");
    const successor: Seen = ["process.started", { host: "clusterd-0", process: "clusterd-0#2" }];
    expect(firstBreach(resumedProgress, [...trace, fenced, resumed(7, { scanned: 2 })])).toBeUndefined();
    expect(firstBreach(resumedProgress, [...trace, successor, resumed(7, { scanned: 2 })])).toBeUndefined();
  });
});

describe("S-SINK-5", () => {
  it("accepts progress beyond the time at which the contents begin", () => {
    const story = new Story();
    expect(firstBreach(progressBeyondAsOf, [...story.begin, resumed(0), ...story.sends(6, [])])).toBeUndefined();
  });

  it("rejects progress that is not, whether its process lives to tell it or not", () => {
    const story = new Story();
    const trace = [...story.begin, resumed(0), ...story.sends(5, [])];
    expect(firstBreach(progressBeyondAsOf, trace)?.subject).toBe("out");
    const told: Seen = ["sink.committed", { id: "u3", incarnation: 1, upper: 5, asOf: 5, messages: 0 }];
    expect(firstBreach(progressBeyondAsOf, [...story.begin, told])).toBeDefined();
  });
});

describe("S-SINK-6", () => {
  it("accepts progress that stays or rises, to the end", () => {
    const story = new Story();
    const trace = [...story.sends(6, []), ...story.sends(6, []), ...story.sends(9, []), ...story.sends(null, [])];
    expect(firstBreach(progressRises, [...story.begin, ...trace])).toBeUndefined();
  });

  it.each([
    [9, 8],
    [null, 9],
  ])("rejects progress that goes from %s to %s", (from, to) => {
    const story = new Story();
    const trace = [...story.begin, ...story.sends(from, []), ...story.sends(to, [], second)];
    expect(firstBreach(progressRises, trace)).toMatchObject({ subject: "out", expected: from, observed: to });
  });
});
