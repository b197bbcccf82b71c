/** S-CONN-4: what clients read of statuses. */
import { beforeAll, describe, expect, it } from "vitest";
import type { Json } from "../../../src/base/json.ts";
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
