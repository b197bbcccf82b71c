/** S-CONN-4: what clients read of statuses. */
import { beforeAll, describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../../src/base/json.ts";
import type { CatalogEntry } from "../../../src/engine/catalog/entry.ts";
import { loadPgParser } from "../../../src/base/pg-parser.ts";
import { shownStatuses } from "../../../src/invariants/connectors/shown-statuses.ts";
import { item } from "../../support/catalog-entries.ts";
import { catalogHistory, firstBreach, shardHistory, type Seen } from "../../support/hand-trace.ts";
import { recorded, statusRow, type Told } from "../../support/status-rows.ts";

beforeAll(loadPgParser);

const create = 'CREATE SINK "out" FROM "t"';
const all = "SELECT name, status FROM mz_sink_statuses";
const ask = (number: number, sql = all): Seen => ["client.asked", { session: "a", number, sql }];
const answer = (number: number, rows: Json, sql = all): Seen => [
  "client.answered",
  { session: "a", number, sql, ok: true, code: null, rows, ts: null },
];
const of = (status: Told["status"]): Told => ({ id: "u3", status });

function story(): { readonly created: readonly Seen[]; readonly store: (seq: number, status: Told["status"]) => Seen } {
  const change = shardHistory();
  const created = [ask(1, create), catalogHistory()([], [item("u3", "sink", "out", create)]), answer(1, [], create)];
  return {
    created,
    store: (seq, status) =>
      change("tables", { upper: seq * 10, updates: [[statusRow(seq, of(status)), seq * 10 - 1, 1]] }),
  };
}

describe("S-CONN-4", () => {
  it("accepts the last status, and created before any", () => {
    const { created, store } = story();
    const before = [...created, ask(2), answer(2, [["out", "created"]])];
    const after = [...before, store(1, "running"), recorded(1, of("running")), ask(3), answer(3, [["out", "running"]])];
    expect(firstBreach(shownStatuses, after)).toBeUndefined();
  });

  it("accepts any moment between asking and answering, and rows that an environment does not know to be stored", () => {
    const { created, store } = story();
    const trace = [...created, store(1, "starting"), recorded(1, of("starting")), ask(2), store(2, "running")];
    const last = store(3, "dropped");
    for (const status of ["starting", "running", "dropped"]) {
      expect(firstBreach(shownStatuses, [...trace, last, answer(2, [["out", status]])])).toBeUndefined();
    }
  });

  it.each<readonly [string, Json]>([
    ["an old status", [["out", "starting"]]],
    ["a status that never was", [["out", "stalled"]]],
    ["another name", [["in", "running"]]],
    ["nothing", []],
  ])("rejects %s", (_what, rows) => {
    const { created, store } = story();
    const stored = [store(1, "starting"), recorded(1, of("starting")), store(2, "running"), recorded(2, of("running"))];
    expect(firstBreach(shownStatuses, [...created, ...stored, ask(2), answer(2, rows)])?.subject).toBe(
      "mz_sink_statuses",
    );
  });

  it("knows what the inputs of a sink make of its status, and whose fault that is", () => {
    const catalog = catalogHistory();
    const change = shardHistory();
    const source = 'CREATE SOURCE "s" ("n" int) FROM KAFKA CONNECTION "k" (TOPIC \'s\') FORMAT JSON ENVELOPE NONE';
    const view = 'CREATE MATERIALIZED VIEW "m" ("n") AS SELECT "n" FROM "s"';
    const items = [
      item("u2", "source", "s", source),
      item("u3", "materialized-view", "m", view),
      item("u4", "sink", "out", 'CREATE SINK "out" FROM "m"'),
    ];
    const led: Seen = ["env.leading", { generation: 1, epoch: 2 }];
    const held: Told = { id: "u4", status: "stalled", error: "no", code: "22012", class: "input" };
    const store = (seq: number, told: Told): readonly Seen[] => [
      change("tables", { upper: seq * 10, updates: [[statusRow(seq, told), seq * 10 - 1, 1]] }),
      recorded(seq, told),
    ];
    const sql = "SELECT status, effective_status, caused_by_id FROM mz_sink_statuses";
    const judged = (rows: readonly Told[], ...shown: readonly (string | null)[]) => {
      const stored = rows.flatMap((row, at) => store(at + 1, row));
      return firstBreach(shownStatuses, [catalog([], items), led, ...stored, ask(1, sql), answer(1, [shown], sql)]);
    };
    expect(judged([held], "stalled", "failed", "u3")).toBeUndefined();
    expect(judged([held], "stalled", "stalled", null)?.subject).toBe("mz_sink_statuses");
    expect(judged([{ ...held, code: "22P02" }], "stalled", "failed", "u2")).toBeUndefined();
    const failed: Told = { id: "u2", status: "failed", error: "gone", class: "definite", type: "source" };
    expect(judged([failed, held], "stalled", "failed", "u2")).toBeUndefined();
    expect(judged([held, { ...held, class: "transient" }], "stalled", "failed", "u3")).toBeUndefined();
    expect(judged([held, { id: "u4", status: "running" }], "running", "running", null)).toBeUndefined();
    expect(judged([{ ...held, class: "transient" }], "stalled", "failed", "u3")?.subject).toBe("mz_sink_statuses");
  });

  it("knows that what no replica runs is paused, and that an environment hears of its own changes a little later", () => {
    const catalog = catalogHistory();
    const change = shardHistory();
    const sink = item("u3", "sink", "out", create);
    const value = { cluster: "c2", name: "r", size: { processes: 1, workers: 1 } };
    const replica: CatalogEntry = { kind: "replica", key: "r2", value };
    const other: CatalogEntry = { kind: "replica", key: "r1", value: { ...value, cluster: "c1" } };
    const placed: CatalogEntry = { ...sink, value: { ...(sink.value as JsonObject), cluster: "c2" } };
    const led: Seen = ["env.leading", { generation: 1, epoch: 2 }];
    const runs = change("tables", { upper: 10, updates: [[statusRow(1, of("running")), 9, 1]] });
    const begun = [catalog([], [placed, replica, other]), led, runs, recorded(1, of("running"))];
    const sql = "SELECT status, effective_status FROM mz_sink_statuses";
    const judged = (second: number, shown: string) => {
      const [kind, data] = catalog([replica], []);
      const [asked, question] = ask(1, sql);
      const trace: readonly Seen[] = [...begun, [kind, data, "", 5], [asked, question, "", second]];
      return firstBreach(shownStatuses, [...trace, answer(1, [["running", shown]], sql)])?.subject;
    };
    expect([judged(6, "paused"), judged(6, "running"), judged(40, "paused")]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect([judged(6, "failed"), judged(40, "running")]).toEqual(["mz_sink_statuses", "mz_sink_statuses"]);
  });

  it("does not judge while an item comes or goes", () => {
    const catalog = catalogHistory();
    const sink = item("u3", "sink", "out", create);
    const coming = [catalog([], [sink]), ask(1), answer(1, [])];
    expect(firstBreach(shownStatuses, coming)).toBeUndefined();
    const led: Seen = ["env.leading", { generation: 1, epoch: 2 }];
    expect(firstBreach(shownStatuses, [...coming, led, ask(2), answer(2, [])])).toBeDefined();
    expect(firstBreach(shownStatuses, [...coming, led, ask(2), catalog([sink], []), answer(2, [])])).toBeUndefined();
  });
});
