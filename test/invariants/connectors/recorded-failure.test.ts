/** S-CONN-5: a source that has failed for good, in its status and in its collection. */
import { describe, expect, it } from "vitest";
import type { Json } from "../../../src/base/json.ts";
import { recordedFailure } from "../../../src/invariants/connectors/recorded-failure.ts";
import { item, shard } from "../../support/catalog-entries.ts";
import { catalogHistory, firstBreach, shardHistory, type Seen } from "../../support/hand-trace.ts";
import { statusRow, type Told } from "../../support/status-rows.ts";

const sql = `CREATE SOURCE "orders" ("n" int) FROM KAFKA CONNECTION "k" (TOPIC 'orders') FORMAT JSON ENVELOPE NONE`;
const nonce = "env-1#1/1/7";

class Story {
  readonly #change = shardHistory();
  readonly catalog = catalogHistory();
  #seq = 0;
  readonly begin: readonly Seen[] = [
    this.catalog([], [item("u2", "source", "orders", sql), shard("u2")]),
    ["mesh.formed", { replica: "g1-r1", index: 0, size: 1, epoch: "e" }, "clusterd-0#1"],
    ["env.leading", { generation: 1, epoch: 1 }, "env-1#1"],
    ["replica.reconciled", { replica: "g1-r1", nonce, kept: [], created: [], dropped: [] }, "clusterd-0#1"],
  ];

  /** An append to tables at a second, with a status if one is given. */
  tick(second: number, told?: Omit<Told, "id" | "type">): Seen {
    const row = { ...told, id: "u2", type: "source" } as Told;
    const updates = told === undefined ? [] : [[statusRow(++this.#seq, row), second * 1_000 - 1, 1] as const];
    const [kind, data] = this.#change("tables", { upper: second * 1_000, updates });
    return [kind, data, "", second];
  }

  /** An append to the source's shard at a second. */
  append(second: number, updates: readonly (readonly [data: Json, diff: number])[]): Seen {
    const timed = updates.map(([data, diff]) => [data, second * 1_000 - 1, diff] as const);
    const [kind, data] = this.#change("u2", { upper: second * 1_000, updates: timed });
    return [kind, data, "", second];
  }
}

const gone = { code: "XX000", message: "the topic is gone", identity: "source" };
const fails = { status: "failed", class: "definite", error: gone.message } as const;
const stalls = { status: "stalled", error: "no broker" } as const;

describe("S-CONN-5", () => {
  it("accepts a failure that is in the collection before it is in the status, and soon in both", () => {
    const story = new Story();
    const trace = [...story.begin, story.append(5, [[gone, 1]]), story.tick(19), story.tick(19, fails), story.tick(60)];
    expect(firstBreach(recordedFailure, trace)).toBeUndefined();
  });

  it("accepts errors that are not the source's own, also where a record's key is called the same", () => {
    const story = new Story();
    const ofRecord = { code: "22P02", message: "no number", identity: "source" };
    const trace = [...story.begin, story.append(5, [[ofRecord, 1]]), story.tick(10, { status: "running" })];
    expect(firstBreach(recordedFailure, [...trace, story.tick(60)])).toBeUndefined();
  });

  it.each<readonly [string, Json]>([
    ["nothing", { code: "22P02", message: gone.message, identity: "source" }],
    ["another error", { ...gone, message: "something else" }],
  ])("rejects a status of failure with %s in the collection", (_what, entry) => {
    const story = new Story();
    const trace = [...story.begin, story.append(5, [[entry, 1]]), story.tick(6, fails)];
    expect(firstBreach(recordedFailure, trace)).toMatchObject({ subject: "u2", expected: gone.message });
  });

  it("rejects a failure that was retracted", () => {
    const story = new Story();
    const trace = [...story.begin, story.append(5, [[gone, 1]]), story.append(6, [[gone, -1]]), story.tick(7, fails)];
    expect(firstBreach(recordedFailure, trace)?.subject).toBe("u2");
  });

  it("rejects a source that its readers think has failed, and that says something else for 15 s", () => {
    const story = new Story();
    const trace = [...story.begin, story.append(5, [[gone, 1]]), story.tick(10, stalls), story.tick(19)];
    expect(firstBreach(recordedFailure, trace)).toBeUndefined();
    expect(firstBreach(recordedFailure, [...trace, story.tick(21)])).toMatchObject({
      subject: "orders",
      observed: "stalled",
    });
  });

  it.each<readonly [string, Seen]>([
    ["the environment dies", ["process.crashed", { host: "env-1", process: "env-1#1" }, "", 15]],
    ["the mesh is lost", ["mesh.lost", { replica: "g1-r1", index: 0, epoch: "e", peer: 1 }, "clusterd-0#1", 15]],
    [
      "the replica takes commands anew",
      ["replica.reconciled", { replica: "g1-r1", nonce, kept: [], created: [], dropped: [] }, "clusterd-0#1", 15],
    ],
    ["something else is broken", ["fault.injected", { fault: "net.partition", params: {} }, "", 15]],
  ])("gives it time when %s", (_what, event) => {
    const story = new Story();
    const trace = [...story.begin, story.append(5, [[gone, 1]]), story.tick(10, stalls), event, story.tick(29)];
    expect(firstBreach(recordedFailure, trace)).toBeUndefined();
  });
});
