/** ORACLE-VIEW, ORACLE-READ and S-ERR-3: views and answers against what they are made from. */
import { beforeAll, describe, expect, it } from "vitest";
import type { Json } from "../../../src/base/json.ts";
import { loadPgParser } from "../../../src/base/pg-parser.ts";
import { countedErrors } from "../../../src/invariants/views/counted-errors.ts";
import { readAnswers } from "../../../src/invariants/views/read-answers.ts";
import { viewContents } from "../../../src/invariants/views/view-contents.ts";
import { shard, table, view } from "../../support/catalog-entries.ts";
import { catalogHistory, firstBreach, shardHistory, type Seen } from "../../support/hand-trace.ts";

beforeAll(loadPgParser);

type Change = readonly [data: Json, time: number, diff: number];

class Story {
  readonly begin: readonly Seen[];
  readonly #change = shardHistory();

  constructor(query = 'SELECT n, count(*) AS times FROM "t" GROUP BY n') {
    const entries = [table("u1", "t"), shard("u1", "tables"), view("u2", "v", query), shard("u2")];
    this.begin = [catalogHistory()([], entries)];
  }

  /** Rows of the table, and the upper of all tables. */
  table(upper: number, changes: readonly Change[]): Seen {
    const updates = changes.map(([row, time, diff]) => [{ table: "u1", row }, time, diff] as const);
    return this.#change("tables", { upper, updates });
  }

  view(upper: number, updates: readonly Change[]): Seen {
    return this.#change("u2", { upper, updates });
  }
}

const inserts: readonly Change[] = [
  [[7], 3, 1],
  [[7], 6, 1],
];
const zero: Json = { code: "22012", message: "division by zero", identity: "one" };
const other: Json = { code: "22012", message: "division by zero", identity: "other" };

describe("ORACLE-VIEW", () => {
  const counted: readonly Change[] = [
    [[7, 1], 3, 1],
    [[7, 1], 6, -1],
    [[7, 2], 6, 1],
  ];

  it("accepts a view that says at each time what its definition says", () => {
    const story = new Story();
    const trace = [
      ...story.begin,
      story.table(10, inserts),
      story.view(5, counted.slice(0, 1)),
      story.view(9, counted.slice(1)),
    ];
    expect(firstBreach(viewContents, trace)).toBeUndefined();
  });

  it("judges nothing before the view has come as far, and nothing below the time from which it has contents", () => {
    const story = new Story();
    const trace = [...story.begin, story.table(10, inserts), story.view(5, []), story.view(6, [[[7, 1], 5, 1]])];
    expect(firstBreach(viewContents, trace)).toBeUndefined();
  });

  it.each<readonly [string, readonly Change[]]>([
    ["a change that is missing", counted.slice(0, 1)],
    ["a change at another time", [...counted.slice(0, 1), [[7, 1], 7, -1], [[7, 2], 7, 1]]],
    ["a row too many", [...counted, [[8, 1], 6, 1]]],
    ["an error without a cause", [...counted, [zero, 8, 1]]],
  ])("rejects %s", (_what, changes) => {
    const story = new Story();
    const trace = [...story.begin, story.table(10, inserts), story.view(9, changes)];
    expect(firstBreach(viewContents, trace)?.subject).toBe("v");
  });

  it("judges a view only when its inputs are complete, and not after it was dropped", () => {
    const story = new Story();
    const ahead = [...story.begin, story.table(4, inserts.slice(0, 1)), story.view(9, counted)];
    expect(firstBreach(viewContents, ahead)).toBeUndefined();
    expect(firstBreach(viewContents, [...ahead, story.table(10, [])])).toBeDefined();
  });

  it("reads views of views through their definitions", () => {
    const catalog = catalogHistory();
    const change = shardHistory();
    const entries = [table("u1", "t"), shard("u1", "tables"), view("u2", "v", "SELECT n + 1 AS m FROM t"), shard("u2")];
    const trace = [
      catalog([], entries),
      catalog([], [view("u3", "w", "SELECT m * 2 AS d FROM v"), shard("u3")]),
      change("tables", { upper: 10, updates: [[{ table: "u1", row: [7] }, 3, 1]] }),
    ];
    const written = (d: number): Seen => change("u3", { upper: 5, updates: [[[d], 3, 1]] });
    expect(firstBreach(viewContents, [...trace, written(16)])).toBeUndefined();
    expect(firstBreach(viewContents, [...trace, written(14)])?.subject).toBe("w");
  });
});

describe("S-ERR-3", () => {
  const divided = 'SELECT 100 / n AS share FROM "t"';
  const zeros: readonly Change[] = [
    [[0], 3, 1],
    [[0], 4, 1],
    [[0], 6, -1],
  ];

  it("accepts errors that are there as long as their causes", () => {
    const story = new Story(divided);
    const errors: readonly Change[] = [
      [zero, 3, 1],
      [other, 4, 1],
      [zero, 6, -1],
      [other, 8, -1],
    ];
    const trace = [...story.begin, story.table(10, [...zeros, [[0], 8, -1]]), story.view(9, errors)];
    expect(firstBreach(countedErrors, trace)).toBeUndefined();
  });

  it("rejects an error that is forgotten while one of its causes remains", () => {
    const story = new Story(divided);
    const errors: readonly Change[] = [
      [zero, 3, 1],
      [zero, 6, -1],
    ];
    const trace = [...story.begin, story.table(10, zeros), story.view(9, errors)];
    expect(firstBreach(countedErrors, trace)?.message).toContain("whose cause remains");
  });

  it("rejects a retraction of what is not there, in any shard, but not one that comes with it", () => {
    const change = shardHistory();
    const moved = change("u9", {
      upper: 5,
      updates: [
        [zero, 4, -1],
        [zero, 4, 1],
      ],
    });
    expect(firstBreach(countedErrors, [moved])).toBeUndefined();
    const early = change("u9", {
      upper: 9,
      updates: [
        [zero, 7, 1],
        [zero, 6, -1],
      ],
    });
    expect(firstBreach(countedErrors, [moved, early])).toMatchObject({ subject: "u9", observed: -1 });
  });
});

describe("ORACLE-READ", () => {
  const ask = (number: number, sql: string): Seen => ["client.asked", { session: "a", number, sql }];
  const answer = (number: number, sql: string, rows: Json, ts: number | null = 5): Seen => [
    "client.answered",
    { session: "a", number, sql, ok: true, code: null, rows, ts },
  ];
  const all = "SELECT n FROM t ORDER BY n DESC";
  const rows: readonly Change[] = [
    [[1], 2, 1],
    [[2], 4, 1],
    [[3], 6, 1],
  ];

  it("accepts answers as of their times, in whatever order they come", () => {
    const story = new Story();
    const trace = [
      ...story.begin,
      story.table(10, rows),
      ask(1, all),
      answer(1, all, [[2], [1]]),
      ask(2, "SELECT n FROM t AS OF 3"),
      answer(2, "SELECT n FROM t AS OF 3", [[1]], 3),
      ask(3, "SELECT * FROM v"),
      answer(
        3,
        "SELECT * FROM v",
        [
          [3, 1],
          [1, 1],
          [2, 1],
        ],
        9,
      ),
      ask(4, "SELECT * FROM mz_objects"),
      answer(4, "SELECT * FROM mz_objects", [["anything"]], null),
    ];
    expect(firstBreach(readAnswers, trace)).toBeUndefined();
  });

  it.each<readonly [string, Json]>([
    ["a row that is missing", [[2]]],
    ["a row from later", [[3], [2], [1]]],
    ["another order", [[1], [2]]],
  ])("rejects %s", (_what, given) => {
    const story = new Story();
    const trace = [...story.begin, story.table(10, rows), ask(1, all), answer(1, all, given)];
    expect(firstBreach(readAnswers, trace)?.subject).toBe("t");
  });

  it("waits until the time of an answer is complete", () => {
    const story = new Story();
    const early = [...story.begin, story.table(4, rows.slice(0, 1)), ask(1, all), answer(1, all, [[1]])];
    expect(firstBreach(readAnswers, early)).toBeUndefined();
    expect(firstBreach(readAnswers, [...early, story.table(10, rows.slice(1))])).toBeDefined();
  });

  it("does not judge what was dropped and made anew while it was read", () => {
    const catalog = catalogHistory();
    const change = shardHistory();
    const old = [table("u1", "t"), shard("u1", "tables")];
    const trace = [
      catalog([], old),
      change("tables", { upper: 10, updates: [[{ table: "u1", row: [1] }, 3, 1]] }),
      ask(1, all),
      catalog(old, [table("u2", "t"), shard("u2", "tables")]),
      answer(1, all, []),
    ];
    expect(firstBreach(readAnswers, trace)).toBeUndefined();
  });
});
