/** S-CONN-3 and L-CONN-2: outages of all brokers against what is shown. */
import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../../src/base/json.ts";
import type { CatalogEntry } from "../../../src/engine/catalog/entry.ts";
import { recordedOutage } from "../../../src/invariants/connectors/recorded-outage.ts";
import { shownOutage } from "../../../src/invariants/connectors/shown-outage.ts";
import { item, shard } from "../../support/catalog-entries.ts";
import { catalogHistory, firstBreach, shardHistory, type Seen } from "../../support/hand-trace.ts";
import { statusRow, type Told } from "../../support/status-rows.ts";

const ofBroker = { host: "broker-1", process: "broker-1#1" };
const dies = (second: number): Seen => ["process.crashed", ofBroker, "", second];

class Story {
  readonly #change = shardHistory();
  #seq = 0;
  readonly catalog = catalogHistory();
  readonly begin: readonly Seen[];

  /** Where it says that the objects are in a cluster. */
  constructor(cluster?: string) {
    const placed = (entry: CatalogEntry): CatalogEntry =>
      cluster === undefined ? entry : { ...entry, value: { ...(entry.value as JsonObject), cluster } };
    const brokers = "CREATE CONNECTION \"k\" TO KAFKA (BROKERS ('broker-1:9092'))";
    const source = `CREATE SOURCE "orders" ("n" int) FROM KAFKA CONNECTION "k" (TOPIC 'orders') FORMAT JSON ENVELOPE NONE`;
    const sink = `CREATE SINK "out" FROM "orders" INTO KAFKA CONNECTION "k" (TOPIC 'out') FORMAT JSON ENVELOPE DEBEZIUM`;
    const entries = [
      item("u1", "connection", "k", brokers),
      placed(item("u2", "source", "orders", source)),
      shard("u2"),
      placed(item("u3", "sink", "out", sink)),
      shard("u3"),
    ];
    this.begin = [
      ["process.started", ofBroker],
      this.catalog([], entries),
      ["mesh.formed", { replica: "g1-r1", index: 0, size: 1, epoch: "e" }, "clusterd-0#1"],
      ["env.leading", { generation: 1, epoch: 1 }, "env-1#1"],
      [
        "replica.reconciled",
        { replica: "g1-r1", nonce: "env-1#1/1/7", kept: [], created: [], dropped: [] },
        "clusterd-0#1",
      ],
    ];
  }

  /** An append to tables at a second, with a status if one is given. */
  tick(second: number, told?: Told): Seen {
    const updates = told === undefined ? [] : [[statusRow(++this.#seq, told), second * 1_000 - 1, 1] as const];
    const [kind, data] = this.#change("tables", { upper: second * 1_000, updates });
    return [kind, data, "", second];
  }

  /** The source's upper moves. */
  input(second: number): Seen {
    const [kind, data] = this.#change("u2", { upper: second * 1_000 });
    return [kind, data, "", second];
  }
}

const runs: Told = { id: "u2", status: "running", type: "source" };
const stalls: Told = { id: "u2", status: "stalled", error: "no broker", type: "source" };
const starts: Told = { id: "u2", status: "starting", type: "source" };

describe("an outage of all brokers", () => {
  it("is shown in time", () => {
    const story = new Story();
    const trace = [...story.begin, story.tick(1, runs), dies(10), story.tick(15, stalls), story.tick(60)];
    expect(firstBreach(shownOutage, trace)).toBeUndefined();
    expect(firstBreach(recordedOutage, trace)).toBeUndefined();
  });

  it("must not look like running: S-CONN-3, L-CONN-2", () => {
    const story = new Story();
    const trace = [...story.begin, story.tick(1, runs), dies(10), story.tick(15), story.tick(17)];
    expect(firstBreach(shownOutage, trace.slice(0, -1))).toBeUndefined();
    expect(firstBreach(shownOutage, trace)).toMatchObject({ subject: "orders", observed: "running" });
    expect(firstBreach(recordedOutage, trace)).toMatchObject({ subject: "orders", observed: "running" });
  });

  it("must be told, not only not look like running: L-CONN-2", () => {
    const story = new Story();
    const trace = [...story.begin, story.tick(1, starts), dies(10), story.tick(24), story.tick(26)];
    expect(firstBreach(shownOutage, trace)).toBeUndefined();
    expect(firstBreach(recordedOutage, trace.slice(0, -1))).toBeUndefined();
    expect(firstBreach(recordedOutage, trace)).toMatchObject({ subject: "orders", observed: "starting" });
  });

  it.each<readonly [string, Seen]>([
    ["a broker comes back", ["process.started", { host: "broker-1", process: "broker-1#2" }, "", 14]],
    ["the environment dies", ["process.crashed", { host: "env-1", process: "env-1#1" }, "", 14]],
    ["another environment leads", ["env.leading", { generation: 1, epoch: 2 }, "env-1#2", 14]],
    ["the mesh is lost", ["mesh.lost", { replica: "g1-r1", index: 0, epoch: "e", peer: 1 }, "clusterd-0#1", 14]],
    ["something else is broken", ["fault.injected", { fault: "net.partition", params: {} }, "", 5]],
    [
      "something else was broken lately",
      ["fault.injected", { fault: "process.crash", params: { host: "env-1" } }, "", 14],
    ],
  ])("has no time to show when %s", (_what, event) => {
    const story = new Story();
    const trace = [...story.begin, story.tick(1, runs), dies(10), event, story.tick(18)];
    expect(firstBreach(shownOutage, trace)).toBeUndefined();
    expect(firstBreach(recordedOutage, trace)).toBeUndefined();
  });

  it("shows in a sink when its input goes on", () => {
    const sink: Told = { id: "u3", status: "running" };
    const story = new Story();
    const begun = [
      ...story.begin,
      story.tick(1, stalls),
      story.tick(2, sink),
      dies(10),
      story.tick(11),
      story.tick(60),
    ];
    expect(firstBreach(shownOutage, begun)).toBeUndefined();
    const moved = [...begun, story.input(61), story.tick(62), story.tick(71)];
    expect(firstBreach(shownOutage, [...moved.slice(0, -1), story.tick(69)])).toBeUndefined();
    expect(firstBreach(shownOutage, moved)?.subject).toBe("out");
    expect(firstBreach(recordedOutage, moved)?.subject).toBe("out");
  });

  it("has no time to show while no replica runs its cluster, or since another one does", () => {
    const where = (cluster: string) => ({ cluster, name: "r", size: { processes: 1, workers: 1 } });
    const replica = (id: string, cluster: string) => ({ kind: "replica" as const, key: id, value: where(cluster) });
    const trace = (gone: readonly Json[], come: readonly Json[]): readonly Seen[] => {
      const story = new Story("c1");
      const before = story.catalog([], [replica("r1", "c1"), replica("r2", "c2")]);
      const [kind, data] = story.catalog(gone, come);
      return [...story.begin, before, story.tick(1, runs), dies(10), [kind, data, "", 15], story.tick(40)];
    };
    expect(firstBreach(shownOutage, trace([], []))?.subject).toBe("orders");
    expect(firstBreach(shownOutage, trace([replica("r1", "c1")], []))).toBeUndefined();
    expect(firstBreach(shownOutage, trace([replica("r1", "c1")], [replica("r3", "c1")]))).toBeUndefined();
  });

  it("shows in a sink not before other trouble is over", () => {
    const sink: Told = { id: "u3", status: "starting" };
    const story = new Story();
    const crash: Seen = ["fault.injected", { fault: "process.crash", params: { host: "postgres" } }, "", 5];
    const begun = [...story.begin, story.tick(1, stalls), story.tick(2, sink), crash, dies(10), story.tick(11)];
    const moved = [...begun, story.input(20), story.tick(21), story.tick(70), story.input(71), story.tick(79)];
    expect(firstBreach(recordedOutage, moved)).toBeUndefined();
    expect(
      firstBreach(recordedOutage, [...moved, story.tick(81), story.input(90), story.tick(91), story.tick(115)]),
    ).toBeUndefined();
    expect(
      firstBreach(recordedOutage, [...moved, story.tick(81), story.input(90), story.tick(91), story.tick(117)])
        ?.subject,
    ).toBe("out");
  });
});
