/**
 * Clusters and replicas that come and go while everything that runs them dies: the environment in the middle of their
 * DDL, processes, whole replicas, the orchestrator; and a view whose evaluation kills whoever renders it.
 *
 * Liveness contract: when the faults are over, every replica of the catalog runs, has a mesh and has caught up within
 * 120 s + B. B is the longest wait of a replica's process for its restart, a knob from 10 s to 3 min. The rest: an
 * environment is back after 10 s, and looks for a service again after another 10 s; its processes are started within 3 s;
 * five processes form within 5·(1 s + 15 s) = 80 s (`formingBound`); what they find then, they catch up with in 17 s.
 */
import { defineScenario, fc, type Duration } from "wavetank";
import { enginePolicies, formingBound, replicaHosts, SqlRefusal, StreamingWorld } from "wavetank/engine";
import * as faults from "wavetank/faults";
import { engineInvariants } from "wavetank/invariants";

const hosts = [...replicaHosts(), "clusterd-r2-0", "clusterd-r2-1", "clusterd-r3-0", "clusterd-r4-0"];
const engine = ["env-1", ...hosts];
const wire = {
  a: fc.constantFrom("env-1", "clusterd-0", "clusterd-r2-0", "postgres", "orchestrator"),
  b: fc.constantFrom("env-1", "clusterd-1", "clusterd-r2-1", "clusterd-r3-0"),
};

/** Processes and workers of each. */
const size = fc.constantFrom("1-1", "1-2", "2-1", "2-2", "3-1", "3-2", "5-1");
const cluster = fc.constantFrom("c0", "c1");
const anywhere = fc.constantFrom("c0", "c1", '"default"');
/** Names that replicas are given by hand; `r1` is that of the first one of every cluster. */
const added = fc.constantFrom("r2", "r3");

const views = [
  "SELECT weight, count(*) AS n FROM items GROUP BY weight",
  "SELECT i.id, w.items FROM items i JOIN weights w ON i.weight = w.weight",
  "SELECT id FROM items WHERE weight > 4",
] as const;

export default defineScenario({
  name: "control-plane",
  doc: "Clusters, replicas and what runs on them come and go while everything dies: nothing is lost, computed twice or left behind.",
  duration: "60s",
  sessions: 3,
  opsCount: { min: 16, max: 50 },
  knobs: { longestRestart: fc.constantFrom(10, 10, 10, 60, 180) },
  ops: {
    insert: fc.record({ id: fc.nat(999_999), weight: fc.nat(9) }),
    read: fc.constantFrom(
      "SELECT * FROM items",
      "SELECT * FROM weights",
      "SELECT * FROM v0",
      "SELECT count(*) FROM v1",
      "SELECT * FROM mz_frontiers",
    ),
    view: fc.record({ view: fc.nat(views.length - 1), cluster: anywhere }),
    dropView: fc.nat(views.length - 1),
    use: anywhere,
    managed: fc.record({ cluster, size, factor: fc.integer({ min: 1, max: 3 }) }),
    unmanaged: fc.record({ cluster, sizes: fc.array(size, { minLength: 1, maxLength: 3 }) }),
    resize: fc.record({ cluster, size }),
    replicate: fc.record({ cluster, factor: fc.integer({ min: 1, max: 3 }) }),
    addReplica: fc.record({ cluster: anywhere, name: added, size }),
    dropReplica: fc.record({ cluster: anywhere, name: added }),
    dropCluster: cluster,
    /** A view that kills whoever renders it, and its end after so many seconds. */
    poison: fc.record({ cluster: anywhere, seconds: fc.integer({ min: 1, max: 20 }) }),
    /** A query that kills whoever answers it. */
    poisonQuery: fc.constant("SELECT mz_panic('a query')"),
  },
  faultsCount: { min: 0, max: 12 },
  faults: [
    faults.crash({ on: ["env-1", ...engine], max: 6 }),
    // DDL is one write to the catalog, and much that follows from it.
    faults.crashAfterWrite({ max: 4 }),
    faults.pauseAfterWrite({ max: 2 }),
    faults.slowDeath({ on: ["env-1", ...engine], max: 2 }),
    faults.hostDown({ on: engine, max: 2 }),
    faults.pause({ on: engine }),
    faults.gracefulStop({ on: ["env-1"], max: 1 }),
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
    "replica.added": "a replica was added",
    "replica.dropped": "a replica was dropped",
    "replica.failed": "a replica crash-looped",
    "poison.dropped": "a view that kills its replica was dropped",
    "mesh.lost": "a mesh was lost",
    "peek.answered": "a query was answered",
  },
  invariants: engineInvariants,
  policies: enginePolicies,
  bugs: [],
  body: async ({ world, run, settle, sometimes, knobs, policies }) => {
    const longestRestart = Number(knobs["longestRestart"]);
    const longest: Duration = `${longestRestart}s`;
    const restarts = (host: string) =>
      ({ first: "500ms", max: host.startsWith("clusterd") ? longest : "10s" }) as const;
    const db = new StreamingWorld({ world, policies, restarts });
    world.emit("mesh.due", { replica: "g1-r1", within: formingBound(replicaHosts().length, longest) });

    const ask = (session: number, sql: string) => db.session(`session-${session}`).query(sql);
    /** Until it happened or was refused, whatever is lost on the way; what is refused need not be. */
    const arrange = async (sql: string): Promise<void> => {
      try {
        await db.ensure(sql);
      } catch (error) {
        if (!(error instanceof SqlRefusal)) throw error;
      }
    };

    await db.ensure("CREATE TABLE items (id int, weight int)");
    await db.ensure("CREATE MATERIALIZED VIEW weights AS SELECT weight, count(*) AS items FROM items GROUP BY weight");
    await arrange("CREATE CLUSTER c0 (SIZE '2-1', REPLICATION FACTOR 2)");
    await arrange("CREATE CLUSTER c1 REPLICAS (r1 (SIZE '1-2'))");
    await arrange(`CREATE MATERIALIZED VIEW v0 IN CLUSTER c0 AS ${views[0]}`);

    await run({
      insert: ({ id, weight }: { id: number; weight: number }, session) =>
        ask(session, `INSERT INTO items VALUES (${id}, ${weight})`),
      read: (sql: string, session) => ask(session, sql),
      view: ({ view, cluster: on }: { view: number; cluster: string }, session) =>
        ask(session, `CREATE MATERIALIZED VIEW v${view} IN CLUSTER ${on} AS ${views[view]}`),
      dropView: (view: number, session) => ask(session, `DROP MATERIALIZED VIEW v${view}`),
      use: (name: string, session) => ask(session, `SET cluster = ${name}`),
      managed: (made: { cluster: string; size: string; factor: number }, session) =>
        ask(session, `CREATE CLUSTER ${made.cluster} (SIZE '${made.size}', REPLICATION FACTOR ${made.factor})`),
      unmanaged: ({ cluster: name, sizes }: { cluster: string; sizes: readonly string[] }, session) => {
        const replicas = sizes.map((each, index) => `r${index + 1} (SIZE '${each}')`);
        return ask(session, `CREATE CLUSTER ${name} REPLICAS (${replicas.join(", ")})`);
      },
      resize: (to: { cluster: string; size: string }, session) =>
        ask(session, `ALTER CLUSTER ${to.cluster} SET (SIZE '${to.size}')`),
      replicate: (to: { cluster: string; factor: number }, session) =>
        ask(session, `ALTER CLUSTER ${to.cluster} SET (REPLICATION FACTOR ${to.factor})`),
      addReplica: async (made: { cluster: string; name: string; size: string }, session) => {
        await ask(session, `CREATE CLUSTER REPLICA ${made.cluster}.${made.name} SIZE '${made.size}'`);
        sometimes("replica.added");
      },
      dropReplica: async (of: { cluster: string; name: string }, session) => {
        await ask(session, `DROP CLUSTER REPLICA ${of.cluster}.${of.name}`);
        sometimes("replica.dropped");
      },
      dropCluster: (name: string, session) => ask(session, `DROP CLUSTER ${name} CASCADE`),
      poison: async ({ cluster: on, seconds }: { cluster: string; seconds: number }, session) => {
        const bad = "SELECT mz_panic('a view') AS never FROM items";
        await ask(session, `CREATE MATERIALIZED VIEW poison IN CLUSTER ${on} AS ${bad}`);
        await world.sleep(`${seconds}s`);
        await ask(session, "DROP MATERIALIZED VIEW poison");
        sometimes("poison.dropped");
      },
      poisonQuery: (sql: string, session) => ask(session, sql),
    });

    // What cannot hold of a database that is asked for the impossible: a view that kills, a cluster without replicas.
    await db.ensure("DROP MATERIALIZED VIEW IF EXISTS poison");
    for (const name of ["c0", "c1"]) await arrange(`CREATE CLUSTER REPLICA ${name}.last SIZE '1-1'`);
    await settle({ within: `${120 + longestRestart}s` });
  },
});
