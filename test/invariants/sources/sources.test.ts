/** S-ING-1, S-ING-2 and S-ERR-1: a source's shard against its topic. */
import { describe, expect, it } from "vitest";
import type { Json } from "../../../src/base/json.ts";
import { prefixOfLog } from "../../../src/invariants/sources/prefix-of-log.ts";
import { singleReflection } from "../../../src/invariants/sources/single-reflection.ts";
import { undecodableKept } from "../../../src/invariants/sources/undecodable-kept.ts";
import { item, shard } from "../../support/catalog-entries.ts";
import { catalogHistory, firstBreach, shardHistory, type Seen } from "../../support/hand-trace.ts";
import { KafkaHistory, record } from "../../support/kafka-history.ts";

const rules = [prefixOfLog, singleReflection, undecodableKept];
const upstream = { transactionalId: "upstream", producerId: 7, epoch: 0 };

interface Story {
  readonly kafka: KafkaHistory;
  readonly begin: readonly Seen[];
  /** An append at the time just below its upper. */
  readonly bind: (upper: number, changes: readonly (readonly [data: Json, diff: number])[]) => Seen;
}

function story(envelope: "NONE" | "UPSERT" = "NONE"): Story {
  const kafka = new KafkaHistory();
  const columns = envelope === "NONE" ? '"n" int, "ok" bool' : '"key" text, "n" int';
  const options = `(TOPIC 'orders', TOPIC ID 'id-of-orders') FORMAT JSON ENVELOPE ${envelope}`;
  const sql = `CREATE SOURCE "orders" (${columns}) FROM KAFKA CONNECTION "k" ${options}`;
  const change = shardHistory();
  return {
    kafka,
    begin: [kafka.created("orders"), catalogHistory()([], [item("u2", "source", "orders", sql), shard("u2")])],
    bind: (upper, changes) =>
      change("u2", { upper, updates: changes.map(([data, diff]) => [data, upper - 1, diff] as const) }),
  };
}

const at = (offset: number): Json => ({ partition: 0, offset });
const error = (identity: string): Json => ({ code: "22P02", message: "whatever it says", identity });
const breaches = (trace: readonly Seen[]): readonly string[] =>
  rules.filter((rule) => firstBreach(rule, trace) !== undefined).map(({ id }) => id);

describe("a source that takes every record for a row", () => {
  const { kafka, begin, bind } = story();
  const first = [
    ...begin,
    kafka.appended("orders", [record(null, '{"n":1,"ok":true}'), record(null, "{")]),
    bind(10, [[at(0), 1]]),
    bind(20, [
      [[1, true], 1],
      [error("partition 0, offset 1"), 1],
      [at(0), -1],
      [at(2), 1],
    ]),
    kafka.appended("orders", [record(null, '{"n":3}'), record(null, '{"n":null,"more":0}')]),
  ];

  it("may hold exactly the rows and errors up to its bindings", () => {
    const next = bind(30, [
      [[3, null], 1],
      [[null, null], 1],
      [at(2), -1],
      [at(4), 1],
    ]);
    expect(breaches([...first, next, bind(40, [])])).toEqual([]);
  });

  it.each<readonly [string, string, readonly (readonly [data: Json, diff: number])[]]>([
    ["lacks a row", "S-ING-2", [[[3, null], 1]]],
    [
      "has a row twice",
      "S-ING-2",
      [
        [[3, null], 2],
        [[null, null], 1],
      ],
    ],
    [
      "has a row of records before",
      "S-ING-2",
      [
        [[1, true], 1],
        [[3, null], 1],
        [[null, null], 1],
      ],
    ],
    [
      "has a row that nobody produced",
      "S-ING-1",
      [
        [[3, false], 1],
        [[null, null], 1],
      ],
    ],
    [
      "has an error for a record that is well",
      "S-ING-1",
      [
        [error("partition 0, offset 2"), 1],
        [[null, null], 1],
      ],
    ],
  ])("%s: %s", (_what, id, changes) => {
    const [last] = first.slice(-1);
    const again = story();
    const bound = [...again.begin, ...first.slice(begin.length, -1), last!];
    again.bind(20, []);
    expect(breaches([...bound, again.bind(30, [...changes, [at(2), -1], [at(4), 1]])])).toEqual([id]);
  });
});

describe("bindings", () => {
  it("must not lose the error of a record that cannot be decoded: S-ERR-1", () => {
    const { kafka, begin, bind } = story();
    const trace = [...begin, kafka.appended("orders", [record(null, "[]")]), bind(10, [[at(1), 1]])];
    expect(breaches(trace)).toEqual(["S-ERR-1"]);
  });

  it("go on from where they were: S-ING-2", () => {
    const { kafka, begin, bind } = story();
    const trace = [
      ...begin,
      kafka.appended("orders", [record(null, "{}")]),
      bind(10, [
        [[null, null], 1],
        [at(1), 1],
      ]),
      bind(20, [
        [at(1), -1],
        [at(0), 1],
      ]),
    ];
    expect(breaches(trace)).toEqual(["S-ING-2"]);
  });

  it("do not pass an open transaction: S-ING-1", () => {
    const { kafka, begin, bind } = story();
    const open = [...begin, kafka.appended("orders", [record(null, "{}")], upstream)];
    const reads = (offset: number): Seen =>
      bind(10, [
        [[null, null], 1],
        [at(offset), 1],
      ]);
    expect(breaches([...open, reads(1)])).toContain("S-ING-1");
    expect(breaches([...open, kafka.marker("orders", upstream), reads(2)])).toEqual([]);
  });

  it("pass over what was aborted", () => {
    const { kafka, begin, bind } = story();
    const trace = [
      ...begin,
      kafka.appended("orders", [record(null, "{}")], upstream),
      kafka.marker("orders", upstream, "abort"),
      bind(10, [[at(2), 1]]),
    ];
    expect(breaches(trace)).toEqual([]);
  });

  it("say nothing when the source's own error comes", () => {
    const { begin, bind } = story();
    const gone = { code: "XX000", message: 'topic "orders" was deleted', identity: "source" };
    expect(breaches([...begin, bind(10, [[gone, 1]])])).toEqual([]);
  });
});

describe("an upsert source", () => {
  const produced = (kafka: KafkaHistory): readonly Seen[] => [
    kafka.appended("orders", [record("a", '{"n":1}'), record("b", "{"), record("a", '{"n":2}'), record(null, "{}")]),
    kafka.appended("orders", [record("b", '{"n":3}'), record("a", null), record(null, null), record("c", "{")]),
  ];
  const firstPart: readonly (readonly [data: Json, diff: number])[] = [
    [["a", 2], 1],
    [error("b"), 1],
    [error("NULL key, partition 0"), 1],
    [at(4), 1],
  ];
  const secondPart: readonly (readonly [data: Json, diff: number])[] = [
    [["a", 2], -1],
    [["b", 3], 1],
    [error("b"), -1],
    [error("NULL key, partition 0"), -1],
    [error("c"), 1],
    [at(4), -1],
    [at(8), 1],
  ];

  it("holds the last value of each key", () => {
    const { kafka, begin, bind } = story("UPSERT");
    expect(breaches([...begin, ...produced(kafka), bind(10, firstPart), bind(20, secondPart)])).toEqual([]);
  });

  it.each([
    [
      "an error that is left behind",
      secondPart.filter(([data]) => JSON.stringify(data) !== JSON.stringify(error("b"))),
      "S-ING-2",
    ],
    [
      "an error that never came",
      secondPart.filter(([data]) => JSON.stringify(data) !== JSON.stringify(error("c"))),
      "S-ERR-1",
    ],
    ["a value of another key", [...secondPart, [["d", 1], 1] as const], "S-ING-1"],
  ])("%s", (_what, changes, id) => {
    const { kafka, begin, bind } = story("UPSERT");
    expect(breaches([...begin, ...produced(kafka), bind(10, firstPart), bind(20, changes)])).toEqual([id]);
  });
});
