/**
 * Clusters and replicas that come and go while everything that runs them dies or is replaced: the environment in the
 * middle of their DDL, processes, whole replicas, the orchestrator; and a view whose evaluation kills whoever renders it.
 *
 * Liveness contract: when the faults are over, every replica of the catalog runs, has a mesh and has caught up within
 * 120 s + B. B is the longest wait of a replica's process for its restart, a knob from 10 s to 3 min. The rest: an
 * environment is back after 10 s, and looks for a service again after another 10 s; its processes are started within 3 s;
 * five processes form within 5·(1 s + 15 s) = 80 s (`formingBound`); what they find then, they catch up with in 17 s.
 */
import { defineScenario, fc, type Duration } from "wavetank";
import { bugs } from "wavetank/bugs";
import { enginePolicies, formingBound, replicaHosts, SqlRefusal, StreamingWorld } from "wavetank/engine";
import * as faults from "wavetank/faults";
import { engineInvariants } from "wavetank/invariants";

const environments = ["env-1", "env-1", "env-2"];
const hosts = [
  ...replicaHosts(),
  "clusterd-r2-0",
  "clusterd-r2-1",
  "clusterd-r3-0",
  "clusterd-r4-0",
  "clusterd-g2-0",
  "clusterd-g2-r2-0",
];
const engine = [...environments, ...hosts];
const wire = {
  a: fc.constantFrom("env-1", "clusterd-0", "clusterd-r2-0", "postgres", "orchestrator"),
  b: fc.constantFrom("env-1", "clusterd-1", "clusterd-r2-1", "clusterd-r3-0"),
};

/** Of a replica. */
const processesMax = 5;
/** Processes and workers of each. */
const size = fc.constantFrom("1-1", "1-2", "2-1", "2-2", "3-1", "3-2", `${processesMax}-1`);
const cluster = fc.constantFrom("c0", "c1");
const anywhere = fc.constantFrom("c0", "c0", "c1", "c1", '"default"');
/** Replicas that are added by hand. */
const added = fc.constantFrom("r2", "r3");
const factor = fc.integer({ min: 1, max: 3 });

/** `c0` is managed at first, `c1` is not; each may come back as the other. */
const clusters = {
  managed: fc
    .tuple(cluster, size, factor)
    .map(([c, s, n]) => `CREATE CLUSTER ${c} (SIZE '${s}', REPLICATION FACTOR ${n})`),
  unmanaged: fc
    .tuple(cluster, fc.array(size, { minLength: 1, maxLength: 3 }))
    .map(([c, sizes]) => `CREATE CLUSTER ${c} REPLICAS (${sizes.map((s, n) => `r${n + 1} (SIZE '${s}')`).join(", ")})`),
  resize: fc.tuple(cluster, size).map(([c, s]) => `ALTER CLUSTER ${c} SET (SIZE '${s}')`),
  replicate: fc.tuple(cluster, factor).map(([c, n]) => `ALTER CLUSTER ${c} SET (REPLICATION FACTOR ${n})`),
  drop: cluster.map((c) => `DROP CLUSTER ${c} CASCADE`),
};
// Those of a managed cluster cannot be named.
const unmanaged = fc.constantFrom("c1", "c1", "c1", "c0");
const replicas = {
  add: fc.tuple(unmanaged, added, size).map(([c, r, s]) => `CREATE CLUSTER REPLICA ${c}.${r} SIZE '${s}'`),
  drop: fc.tuple(unmanaged, added).map(([c, r]) => `DROP CLUSTER REPLICA ${c}.${r}`),
  // What runs on one replica alone moves to the next.
  dropFirst: fc.constant("DROP CLUSTER REPLICA c1.r1"),
};

interface Poison {
  readonly cluster: string;
  readonly seconds: number;
}

/** A view that kills whoever renders it and ends after so many seconds; with none, a query that kills whoever answers. */
const poison = fc.record({ cluster: anywhere, seconds: fc.integer({ min: 0, max: 20 }) });

const views = [
  "SELECT weight, count(*) AS n FROM items GROUP BY weight",
  "SELECT i.id, w.items FROM items i JOIN weights w ON i.weight = w.weight",
  "SELECT id FROM items WHERE weight > 4",
] as const;
const view = fc.nat(views.length - 1);
const objects = {
  create: fc.tuple(view, anywhere).map(([v, c]) => `CREATE MATERIALIZED VIEW v${v} IN CLUSTER ${c} AS ${views[v]}`),
  drop: view.map((v) => `DROP MATERIALIZED VIEW v${v}`),
  sink: cluster.map(
    (c) =>
      `CREATE SINK out IN CLUSTER ${c} FROM weights INTO KAFKA CONNECTION k (TOPIC 'out') KEY (weight) FORMAT JSON ENVELOPE UPSERT`,
  ),
  dropSink: fc.constant("DROP SINK out"),
};

/** SQLSTATEs of what is not there, is there already, or is a managed cluster's own business. */
const useless: readonly string[] = ["42704", "42710", "42P01", "42P07", "55000"];

export default defineScenario({
  name: "control-plane",
  doc: "Clusters, replicas and what runs on them come and go while everything dies: nothing is lost, computed twice or left behind.",
  duration: "60s",
  sessions: 3,
  opsCount: { min: 16, max: 50 },
  knobs: {
    longestRestart: fc.constantFrom(10, 10, 10, 60, 180),
    /** When the next generation is deployed, s; 0 is never. */
    deployAt: fc.constantFrom(0, 0, 10, 25, 40),
  },
  ops: {
    insert: fc.record({ id: fc.nat(999_999), weight: fc.nat(9) }),
    read: fc.constantFrom(
      "SELECT * FROM items",
      "SELECT * FROM weights",
      "SELECT * FROM v0",
      "SELECT count(*) FROM v1",
      "SELECT * FROM mz_frontiers",
    ),
    use: anywhere.map((name) => `SET cluster = ${name}`),
    object: fc.oneof(
      { arbitrary: objects.create, weight: 4 },
      { arbitrary: objects.drop, weight: 2 },
      { arbitrary: objects.sink, weight: 1 },
      { arbitrary: objects.dropSink, weight: 1 },
      { arbitrary: poison, weight: 2 },
    ),
    cluster: fc.oneof(
      { arbitrary: clusters.managed, weight: 1 },
      { arbitrary: clusters.unmanaged, weight: 1 },
      { arbitrary: clusters.resize, weight: 2 },
      { arbitrary: clusters.replicate, weight: 2 },
      { arbitrary: clusters.drop, weight: 1 },
    ),
    replica: fc.oneof(
      { arbitrary: replicas.add, weight: 3 },
      { arbitrary: replicas.drop, weight: 2 },
      { arbitrary: replicas.dropFirst, weight: 1 },
    ),
  },
  faultsCount: { min: 0, max: 12 },
  faults: [
    faults.crash({ on: engine, max: 6 }),
    // DDL is one write to the catalog, and much that follows from it.
    faults.crashAfterWrite({ on: environments, max: 4 }),
    faults.pauseAfterWrite({ on: environments, max: 2 }),
    faults.slowDeath({ on: engine, max: 2 }),
    faults.hostDown({ on: engine, max: 2 }),
    faults.pause({ on: engine }),
    faults.gracefulStop({ on: environments, max: 1 }),
    faults.replicaCrash({ params: { prefix: fc.nat(9) } }),
    faults.replicaCrashLoop({ max: 2 }),
    faults.orchestratorDown({ max: 2 }),
    faults.orchestratorSlow({ max: 2 }),
    faults.orchestratorLostAnswers({ max: 2 }),
    faults.addressInUse({ on: hosts, max: 1 }),
    faults.partition({ max: 2 }),
    faults.oneWayPartition({ max: 1, params: wire }),
    faults.halfOpen({ max: 3, params: wire }),
    faults.reset({ max: 2, params: wire }),
    faults.postgresLostAnswers({ max: 1 }),
  ],
  sometimes: {
    "replica.reconciled": "a replica was told what to run",
    "dataflow.kept": "what ran on a replica ran on under a new connection",
    "replica.added": "a replica was added",
    "replica.dropped": "a replica was dropped",
    "replica.failed": "a replica crash-looped",
    "poison.dropped": "a view that kills its replica was dropped",
    "mesh.lost": "a mesh was lost",
    "peek.answered": "a query was answered",
  },
  invariants: engineInvariants,
  policies: enginePolicies,
  bugs: [bugs.B45, bugs.B46, bugs.B47, bugs.B48],
  // Room for both waits, so that what does not hold in the end is what is found.
  budget: { virtual: "20m" },
  body: async ({ world, run, settle, within, sometimes, knobs, policies }) => {
    const longestRestart = Number(knobs["longestRestart"]);
    const longest: Duration = `${longestRestart}s`;
    const restarts = (host: string) =>
      ({ first: "500ms", max: host.startsWith("clusterd") ? longest : "10s" }) as const;
    const db = new StreamingWorld({ world, policies, restarts });
    world.emit("mesh.due", { replica: "g1-r1", within: formingBound(processesMax, longest) });

    const ask = (session: number, sql: string) => db.session(`session-${session}`).query(sql);
    /** Until it happened, whatever is lost on the way, or the catalog has no use for it. */
    const arrange = async (sql: string): Promise<void> => {
      try {
        await db.ensure(sql);
      } catch (error) {
        if (!(error instanceof SqlRefusal) || !useless.includes(error.code)) throw error;
      }
    };

    await db.ensure("CREATE TABLE items (id int, weight int)");
    await db.ensure("CREATE MATERIALIZED VIEW weights AS SELECT weight, count(*) AS items FROM items GROUP BY weight");
    await db.ensure("CREATE CONNECTION k TO KAFKA (BROKERS ('broker-1:9092', 'broker-2:9092', 'broker-3:9092'))");
    await arrange("CREATE CLUSTER c0 (SIZE '2-1', REPLICATION FACTOR 2)");
    await arrange("CREATE CLUSTER c1 REPLICAS (r1 (SIZE '1-2'))");
    await arrange(`CREATE MATERIALIZED VIEW v0 IN CLUSTER c0 AS ${views[0]}`);

    const deployAt = Number(knobs["deployAt"]);
    if (deployAt > 0) world.at(`${deployAt}s`, () => db.deploy());
    await run({
      insert: ({ id, weight }: { id: number; weight: number }, session) =>
        ask(session, `INSERT INTO items VALUES (${id}, ${weight})`),
      read: (sql: string, session) => ask(session, sql),
      use: (sql: string, session) => ask(session, sql),
      object: async (value: string | Poison, session) => {
        if (typeof value === "string") return ask(session, value);
        if (value.seconds === 0) return ask(session, "SELECT mz_panic('a query') FROM items");
        const bad = "SELECT mz_panic('a view') AS never FROM items";
        await ask(session, `CREATE MATERIALIZED VIEW poison IN CLUSTER ${value.cluster} AS ${bad}`);
        await world.sleep(`${value.seconds}s`);
        await ask(session, "DROP MATERIALIZED VIEW poison");
        return sometimes("poison.dropped");
      },
      cluster: (sql: string, session) => ask(session, sql),
      replica: async (sql: string, session) => {
        await ask(session, sql);
        sometimes(sql.startsWith("CREATE") ? "replica.added" : "replica.dropped");
      },
    });

    // What cannot hold of a database that is asked for the impossible: a view that kills, a cluster without replicas.
    await db.ensure("DROP MATERIALIZED VIEW IF EXISTS poison");
    for (const name of ["c0", "c1"]) await arrange(`CREATE CLUSTER REPLICA ${name}.last SIZE '1-1'`);
    const boundSeconds = 120 + longestRestart;
    const bound: Duration = `${boundSeconds}s`;
    await settle({ within: bound });
    // Every cluster that there is answers, and so does every view; and then it may take as long once more.
    within(`${2 * boundSeconds}s`);
    for (const name of ["c0", "c1", '"default"']) {
      await arrange(`SET cluster = ${name}`);
      await arrange("SELECT count(*) FROM items");
    }
    for (const index of views.keys()) await arrange(`SELECT * FROM v${index}`);
    // What was asked set idle things in motion again.
    await settle({ within: bound });
  },
});
