/** L-CONN-1, L-CONN-4 and L-SINK-1: what connectors come to when nothing is broken any more. */
import { describe, expect, it } from "vitest";
import type { Json } from "../../../src/base/json.ts";
import { caughtUpSources } from "../../../src/invariants/connectors/caught-up-sources.ts";
import { runningConnectors } from "../../../src/invariants/connectors/running-connectors.ts";
import { followedInput } from "../../../src/invariants/sinks/followed-input.ts";
import { item, shard } from "../../support/catalog-entries.ts";
import { catalogHistory, firstBreach, shardHistory, type Seen } from "../../support/hand-trace.ts";
import { KafkaHistory, record } from "../../support/kafka-history.ts";
import { statusRow, type Told } from "../../support/status-rows.ts";

class Story {
  readonly kafka = new KafkaHistory();
  readonly #change = shardHistory();
  #seq = 0;
  readonly begin: readonly Seen[];

  constructor() {
    const options = "(TOPIC 'orders', TOPIC ID 'id-of-orders') FORMAT JSON ENVELOPE NONE";
    const source = `CREATE SOURCE "orders" ("n" int) FROM KAFKA CONNECTION "k" ${options}`;
    const sink = `CREATE SINK "out" FROM "orders" INTO KAFKA CONNECTION "k" (TOPIC 'out') FORMAT JSON ENVELOPE DEBEZIUM`;
    const entries = [
      item("u1", "connection", "k", "CREATE CONNECTION \"k\" TO KAFKA (BROKERS ('broker-1:9092'))"),
      item("u2", "source", "orders", source),
      shard("u2"),
      item("u3", "sink", "out", sink),
      shard("u3"),
    ];
    this.begin = [this.kafka.created("orders", 2), catalogHistory()([], entries)];
  }

  status(told: Told): Seen {
    const seq = ++this.#seq;
    return this.#change("tables", { upper: seq, updates: [[statusRow(seq, told), seq - 1, 1]] });
  }

  source(upper: number, changes: readonly Json[], diff = 1): Seen {
    return this.#change("u2", { upper, updates: changes.map((data) => [data, upper - 1, diff] as const) });
  }

  progress(upper: number): Seen {
    return this.kafka.appended("wavetank-progress-u1", [record("sink-u3", `{"upper":[${upper}]}`)]);
  }
}

const error = { code: "22P02", message: "no JSON", identity: "partition 0, offset 0" };
const source = (status: Told["status"], text: string | null = null): Told => ({
  id: "u2",
  status,
  error: text,
  type: "source",
});
const sink = (status: Told["status"], text: string | null = null, code: string | null = null): Told => ({
  id: "u3",
  status,
  error: text,
  code,
});

describe("L-CONN-1", () => {
  const bindings = (first: number): readonly Json[] => [
    { partition: 0, offset: first },
    { partition: 1, offset: 0 },
  ];

  it("accepts a source that is at the end of its topic, and one that is behind an open transaction", () => {
    const story = new Story();
    const produced = [...story.begin, story.kafka.appended("orders", [record(null, "{}")])];
    const writer = { transactionalId: "t", producerId: 1, epoch: 0 };
    const open = story.kafka.appended("orders", [record(null, "{}")], writer);
    expect(firstBreach(caughtUpSources, [...produced, open, story.source(10, bindings(1))])).toBeUndefined();
  });

  it("rejects one that is not, unless it has failed or its topic is gone", () => {
    const story = new Story();
    const trace = [...story.begin, story.kafka.appended("orders", [record(null, "{}")]), story.source(10, bindings(0))];
    expect(firstBreach(caughtUpSources, trace)).toMatchObject({ subject: "orders", expected: 1, observed: 0 });
    expect(firstBreach(caughtUpSources, [...trace, story.status(source("failed", "gone"))])).toBeUndefined();
    expect(firstBreach(caughtUpSources, [...trace, story.kafka.deleted("orders")])).toBeUndefined();
  });

  it("rejects a source that never looked at a partition", () => {
    const story = new Story();
    expect(
      firstBreach(caughtUpSources, [...story.begin, story.source(10, [{ partition: 0, offset: 0 }])])?.observed,
    ).toBeNull();
  });
});

describe("L-CONN-4", () => {
  it("accepts connectors that run, and a sink that an error in its input holds up", () => {
    const story = new Story();
    const run = [...story.begin, story.status(source("running")), story.status(sink("running"))];
    expect(firstBreach(runningConnectors, run)).toBeUndefined();
    const held = [...run, story.source(10, [error]), story.status({ ...sink("stalled", "no JSON"), class: "input" })];
    expect(firstBreach(runningConnectors, held)).toBeUndefined();
    const mended = [...held, story.source(20, [error], -1)];
    expect(firstBreach(runningConnectors, mended)).toBeUndefined();
    expect(firstBreach(runningConnectors, [...mended, story.source(40_000, [])])?.subject).toBe("out");
  });

  it("rejects a sink that waits for something else than its input, whatever that holds", () => {
    const story = new Story();
    const run = [...story.begin, story.status(source("running")), story.source(10, [error])];
    const trace = [...run, story.status(sink("stalled", "no broker"))];
    expect(firstBreach(runningConnectors, trace)).toMatchObject({ subject: "out", observed: "stalled: no broker" });
  });

  it.each([
    ["created", undefined],
    ["starting", sink("starting")],
    ["stalled: no broker", sink("stalled", "no broker")],
    ["failed: for no reason", sink("failed", "for no reason")],
  ])("rejects a sink that is %s", (observed, told) => {
    const story = new Story();
    const trace = [
      ...story.begin,
      story.status(source("running")),
      ...(told === undefined ? [] : [story.status(told)]),
    ];
    expect(firstBreach(runningConnectors, trace)).toMatchObject({ subject: "out", observed });
  });

  it("excuses who failed for a reason that cannot mend by itself", () => {
    const story = new Story();
    const failed = [...story.begin, story.status(source("running")), story.status(sink("failed", "keys", "21000"))];
    expect(firstBreach(runningConnectors, failed)).toBeUndefined();
    const gone = [...story.begin, story.kafka.deleted("orders"), story.status(sink("running"))];
    expect(firstBreach(runningConnectors, gone)).toBeUndefined();
  });
});

describe("L-SINK-1", () => {
  it("accepts a sink close behind its input, and rejects one that is not", () => {
    const story = new Story();
    const trace = [...story.begin, story.source(100_000, []), story.progress(90_000)];
    expect(firstBreach(followedInput, trace)).toBeUndefined();
    const late = [...trace, story.source(106_000, [])];
    expect(firstBreach(followedInput, late)).toMatchObject({ subject: "out", expected: 106_000, observed: 90_000 });
  });

  it("excuses a sink that failed, or that an error holds up or did just now", () => {
    const story = new Story();
    const trace = [...story.begin, story.source(100_000, [])];
    expect(firstBreach(followedInput, trace)?.observed).toBe("no progress");
    expect(firstBreach(followedInput, [...trace, story.status(sink("failed", "keys", "21000"))])).toBeUndefined();
    const held = [...trace, story.source(110_000, [error])];
    expect(firstBreach(followedInput, held)).toBeUndefined();
    const mended = [...held, story.source(120_000, [error], -1)];
    expect(firstBreach(followedInput, mended)).toBeUndefined();
    expect(firstBreach(followedInput, [...mended, story.source(150_000, [])])).toBeDefined();
  });
});
