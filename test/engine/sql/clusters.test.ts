/** Statements about clusters: what they come to, and what they are refused for. */
import { beforeAll, describe, expect, it } from "vitest";
import { loadPgParser } from "../../../src/base/pg-parser.ts";
import type { ClusterLookup, ResolvedCluster } from "../../../src/engine/sql/cluster-plan.ts";
import type { CreatePlan, SelectPlan } from "../../../src/engine/sql/plan.ts";
import { failure, sampleObjects, TestCatalog } from "./catalog.ts";

beforeAll(loadPgParser);

const small = { processes: 1, workers: 1 };
const present: readonly ResolvedCluster[] = [
  { id: "c1", name: "default", managed: { size: small, factor: 1 }, replicas: [{ id: "r1", name: "r1", size: small }] },
  {
    id: "c2",
    name: "by_hand",
    managed: null,
    replicas: [
      { id: "r2", name: "one", size: small },
      { id: "r3", name: "two", size: small },
    ],
  },
];

const clusters: ClusterLookup = {
  cluster: (name) => present.find((cluster) => cluster.name === name),
  clusterNames: () => present.map(({ name }) => name),
};

const plan = (sql: string, cluster = "default") => new TestCatalog(...sampleObjects).plan(sql, { clusters, cluster });

describe("statements about clusters", () => {
  it.each([
    ["CREATE CLUSTER c (SIZE '3-2')", { name: "c", managed: { size: { processes: 3, workers: 2 }, factor: 1 } }],
    ["CREATE CLUSTER c SIZE = '16-4', REPLICATION FACTOR = 2", { managed: { size: { processes: 16 }, factor: 2 } }],
    ["create cluster c (replication factor 0, size '1-1')", { managed: { factor: 0 }, replicas: [] }],
    ["CREATE CLUSTER \"C\" REPLICAS (a (SIZE '1-1'), b (SIZE '2-1'))", { name: "C", managed: null }],
    ["ALTER CLUSTER default SET (REPLICATION FACTOR 3)", { cluster: "c1", managed: { size: small, factor: 3 } }],
    ["ALTER CLUSTER by_hand SET (SIZE '2-1')", { cluster: "c2", managed: { size: { processes: 2 }, factor: 2 } }],
    ["DROP CLUSTER by_hand CASCADE", { kind: "drop-cluster", cluster: "c2", isCascade: true }],
    ["DROP CLUSTER IF EXISTS nope", { kind: "nothing" }],
    ["CREATE CLUSTER REPLICA by_hand.three SIZE '1-4'", { cluster: "c2", name: "three", size: { workers: 4 } }],
    ["ALTER CLUSTER by_hand RENAME TO x", { kind: "rename-cluster", cluster: "c2", name: "x" }],
    ["ALTER CLUSTER REPLICA by_hand.one RENAME TO x", { kind: "rename-replica", replica: "r2", name: "x" }],
    ["DROP CLUSTER REPLICA by_hand.two", { kind: "drop-replica", replica: "r3" }],
    ["DROP CLUSTER REPLICA IF EXISTS by_hand.nope", { kind: "nothing" }],
    ["SET cluster = by_hand", { kind: "set", value: "by_hand" }],
    ["SET cluster TO 'by_hand'", { kind: "set", value: "by_hand" }],
    ["RESET cluster", { kind: "set", value: "default" }],
  ])("%s", (sql, expected) => {
    expect(plan(sql)).toMatchObject(expected);
  });

  it.each([
    ["CREATE CLUSTER c", "42601", 17],
    ["CREATE CLUSTER default (SIZE '1-1')", "42710", 16],
    ["CREATE CLUSTER mz_c (SIZE '1-1')", "42939", 16],
    ["CREATE CLUSTER c (SIZE '17-1')", "22023", 24],
    ["CREATE CLUSTER c (SIZE '1-1', SIZE '2-1')", "42601", 31],
    ["ALTER CLUSTER default SET (REPLICATION FACTOR 2, REPLICATION FACTOR 2)", "42601", 50],
    ["CREATE CLUSTER IF NOT EXISTS c (SIZE '1-1')", "0A000", 16],
    ["CREATE CLUSTER c (SIZE '1-1', REPLICAS (a (SIZE '1-1')))", "42601", 18],
    ["CREATE CLUSTER c (SIZE '1-1', REPLICATION FACTOR 9)", "22023", 50],
    ["CREATE CLUSTER c REPLICAS (a (SIZE '1-1'), a (SIZE '1-1'))", "42710", 44],
    ["CREATE CLUSTER REPLICA default.r2 SIZE '1-1'", "55000", 24],
    ["CREATE CLUSTER REPLICA by_hand.two SIZE '1-1'", "42710", 32],
    ["DROP CLUSTER REPLICA by_hand.twoo", "42704", 30],
    ["ALTER CLUSTER by_hand SET (REPLICATION FACTOR 2)", "55000", 15],
    ["ALTER CLUSTER by_hand RENAME TO default", "42710", 33],
    ["ALTER CLUSTER by_hand RENAME x", "42601", 30],
    ["ALTER CLUSTER REPLICA by_hand.one RENAME TO two", "42710", 45],
    ["ALTER CLUSTER REPLICA default.r1 RENAME TO two", "55000", 23],
    ["ALTER CLUSTER REPLICA by_hand.one SET (SIZE '2-1')", "0A000", 35],
    ["SET cluster = by_hnad", "42704", 15],
  ])("refused: %s", (sql, code, position) => {
    expect(failure(() => plan(sql))).toMatchObject({ code, position });
  });
});

describe("objects on clusters", () => {
  const kafka = "KAFKA CONNECTION k (TOPIC 'x')";
  it.each([
    [
      `CREATE SOURCE q IN CLUSTER by_hand (a int) FROM ${kafka} FORMAT JSON`,
      `CREATE SOURCE "q" IN CLUSTER "by_hand" (`,
    ],
    [`CREATE SINK q IN CLUSTER by_hand FROM t INTO ${kafka} KEY (a) FORMAT JSON ENVELOPE UPSERT`, `CREATE SINK "q" IN`],
    [
      "CREATE MATERIALIZED VIEW q (b) IN CLUSTER by_hand AS SELECT a FROM t",
      'CREATE MATERIALIZED VIEW "q" ("b") IN CLUSTER "by_hand" AS SELECT "a" FROM "t"',
    ],
  ])("run where they say, and their stored statement says it again: %s", (sql, stored) => {
    const planned = plan(sql) as CreatePlan & { readonly cluster: string };
    expect(planned.cluster).toBe("c2");
    expect(planned.sql.startsWith(stored)).toBe(true);
    const again = new TestCatalog(...sampleObjects).plan(planned.sql, { clusters, isStored: true });
    expect(again).toEqual(planned);
  });

  it("run in the session's cluster, which the stored statement names, unless that is the default one", () => {
    const sql = "CREATE MATERIALIZED VIEW q AS SELECT a FROM t";
    expect(plan(sql, "by_hand")).toMatchObject({ cluster: "c2", sql: expect.stringContaining('IN CLUSTER "by_hand"') });
    expect(plan(sql)).toMatchObject({ cluster: "c1", sql: expect.not.stringContaining("CLUSTER") });
    const back = plan("CREATE MATERIALIZED VIEW q IN CLUSTER default AS SELECT a FROM t", "by_hand");
    expect(back).toMatchObject({ cluster: "c1", sql: expect.not.stringContaining("CLUSTER") });
  });

  it("keep the places of errors behind the clause", () => {
    const sql = "CREATE MATERIALIZED VIEW q IN CLUSTER by_hand AS SELECT zzz FROM t";
    expect(failure(() => plan(sql))).toMatchObject({ code: "42703", position: sql.indexOf("zzz") + 1 });
  });

  it("RESET goes back to what a new session has, though nothing is called so any more", () => {
    const none = { cluster: () => undefined, clusterNames: () => [] };
    const reset = new TestCatalog(...sampleObjects).plan("RESET cluster", { clusters: none, cluster: "gone" });
    expect(reset).toEqual({ kind: "set", variable: "cluster", value: "default" });
  });

  it("SHOW cluster tells the session's", () => {
    const { plan: constant } = plan("SHOW cluster", "by_hand") as SelectPlan;
    expect(constant).toMatchObject({ kind: "constant", rows: [["by_hand"]] });
  });
});
