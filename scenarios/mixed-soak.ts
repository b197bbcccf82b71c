/**
 * Liveness contract: when the faults are over, everything runs and has caught up within 60 s: the longest backoffs of
 * processes (10 s) and connectors (16 s), of a session with Postgres after an outage of 20 s (16 s), a transaction's
 * timeout (10 s), and a half-open link that shows after 15 s while the others wait.
 */
import { defineScenario, fc } from "wavetank";
import { bugs } from "wavetank/bugs";
import { enginePolicies, replicaHosts, StreamingWorld } from "wavetank/engine";
import * as faults from "wavetank/faults";
import { engineInvariants } from "wavetank/invariants";

const engine = ["env-1", ...replicaHosts()];
/** Wires with traffic: between a service and a process of the engine. */
const wire = {
  a: fc.constantFrom("postgres", "postgres", "s3", "broker-1", "broker-2", "broker-3", "clusterd-0"),
  b: fc.constantFrom("env-1", "clusterd-1", "clusterd-2"),
};

export default defineScenario({
  name: "mixed-soak",
  doc: "Everything at once for a long time: sources, tables, joins, sinks and changing objects, under every kind of fault.",
  duration: "60s",
  sessions: 4,
  opsCount: { min: 40, max: 120 },
  ops: {
    produce: fc.record({ customer: fc.nat(4), amount: fc.integer({ min: -9, max: 9 }) }),
    garbage: fc.constantFrom("{", '{"customer":[]}'),
    name: fc.record({ customer: fc.nat(4), name: fc.constantFrom("Ada", "Bo", "Cy") }),
    read: fc.constantFrom(
      "SELECT * FROM totals",
      "SELECT name, total FROM named ORDER BY total LIMIT 3",
      "SELECT count(*) FROM names",
      "SELECT * FROM mz_frontiers",
      "SELECT * FROM mz_sink_statuses",
    ),
    create: fc.nat(2),
    drop: fc.nat(2),
  },
  faultsCount: { min: 0, max: 16 },
  faults: [
    faults.brokerDown(),
    faults.kafkaOutage({ max: 1 }),
    faults.brokerSlow(),
    faults.leaderMoved(),
    faults.coordinatorMoved(),
    faults.kafkaLostAnswers(),
    faults.kafkaBrokerErrors(),
    faults.objectStoreErrors(),
    faults.objectStoreLostAnswers(),
    faults.postgresLostAnswers(),
    faults.postgresOutage({ max: 1 }),
    faults.postgresRestart({ max: 1 }),
    faults.crash({ on: engine }),
    faults.pause({ on: [...engine, "broker-1", "broker-2", "broker-3"] }),
    faults.slowDeath({ on: engine }),
    faults.hostDown({ on: engine, max: 2 }),
    faults.replicaCrash({ max: 2 }),
    faults.gracefulStop({ on: engine, max: 1 }),
    faults.slowCpu({ on: engine, max: 1 }),
    faults.partition({ max: 2 }),
    faults.oneWayPartition({ max: 1, params: wire }),
    faults.latency({ max: 2, params: wire }),
    faults.halfOpen({ max: 2, params: wire }),
    faults.reset({ max: 2, params: wire }),
    faults.clog({ max: 1, params: wire }),
    faults.clockOffset({ on: engine, max: 2, params: { byMs: fc.integer({ min: -2_000, max: 2_000 }) } }),
  ],
  sometimes: {
    "dataflow.kept": "what ran on a replica ran on under a new connection",
    "sink.committed": "a sink delivered something",
    "mesh.lost": "a mesh was lost",
    "table.written": "a table was written",
    "peek.answered": "a query was answered",
  },
  invariants: engineInvariants,
  policies: enginePolicies,
  bugs: [bugs.B53],
  body: async ({ world, run, settle, policies }) => {
    const db = new StreamingWorld({ world, policies });
    await db.upstream.createTopic("orders", 3);
    await db.ensure("CREATE CONNECTION k TO KAFKA (BROKERS ('broker-1:9092', 'broker-2:9092', 'broker-3:9092'))");
    await db.ensure(
      "CREATE SOURCE orders (customer int, amount int) FROM KAFKA CONNECTION k (TOPIC 'orders') FORMAT JSON",
    );
    await db.ensure("CREATE TABLE names (customer int, name text)");
    await db.ensure(
      "CREATE MATERIALIZED VIEW totals AS SELECT customer, sum(amount) AS total FROM orders GROUP BY customer",
    );
    await db.ensure(
      "CREATE VIEW named AS SELECT n.name, t.total FROM names n JOIN totals t ON n.customer = t.customer",
    );
    await db.ensure(
      "CREATE SINK out FROM totals INTO KAFKA CONNECTION k (TOPIC 'totals') KEY (customer) FORMAT JSON ENVELOPE DEBEZIUM",
    );
    const produce = (value: string) => db.upstream.produce("orders", String(value.length % 3), value);
    await run({
      produce: (order: object) => produce(JSON.stringify(order)),
      garbage: produce,
      name: ({ customer, name }: { customer: number; name: string }) =>
        db.rows(`INSERT INTO names VALUES (${customer}, '${name}')`),
      read: (sql: string) => db.rows(sql),
      create: (n: number) =>
        db.rows(`CREATE MATERIALIZED VIEW v${n} AS SELECT name, total FROM named WHERE total > ${n}`),
      drop: (n: number) => db.rows(`DROP MATERIALIZED VIEW v${n}`),
    });
    await settle({ within: "60s" });
  },
});
