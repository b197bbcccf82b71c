/**
 * Liveness contract: when the faults are over, the environment serves, every connector runs and has caught up, within 50
 * s; one whose topic was deleted has failed and says so. The bound: a broker's return (4 s), the longest backoff of a
 * connector (16 s) and of a process (10 s), a transaction's timeout (10 s), and one request's limit (10 s).
 */
import { defineScenario, fc } from "wavetank";
import { bugs } from "wavetank/bugs";
import { enginePolicies, replicaHosts, StreamingWorld } from "wavetank/engine";
import * as faults from "wavetank/faults";
import { engineInvariants } from "wavetank/invariants";

/** Topics that are there from the start, and those of sinks that come later. */
const lasting = ["orders", "totals"];
const connectors = ["early", "late"];

export default defineScenario({
  name: "restart-broken-connectors",
  doc: "Environments and replicas restart while brokers are down: nothing crashes, and what is broken says so.",
  duration: "70s",
  sessions: 2,
  opsCount: { min: 10, max: 30 },
  ops: {
    produce: fc.record({ customer: fc.nat(3), amount: fc.integer({ min: -20, max: 20 }) }),
    garbage: fc.constantFrom("", "{", '{"customer":"x"}', "[]", '{"customer":1,"amount":1.5}'),
    create: fc.constantFrom(...connectors),
    statuses: fc.constantFrom("mz_source_statuses", "mz_sink_statuses"),
    read: fc.constant({}),
  },
  faultsCount: { min: 0, max: 6 },
  faults: [
    faults.kafkaOutage({ max: 2 }),
    faults.brokerDown(),
    faults.brokerSlow(),
    faults.kafkaLostAnswers({ max: 2 }),
    faults.kafkaBrokerErrors({ max: 2 }),
    faults.topicDeleted({ max: 1, params: { topic: fc.constantFrom(...lasting, ...lasting, ...connectors) } }),
    faults.crash({ on: ["env-1", "env-1", ...replicaHosts()] }),
    faults.replicaCrash(),
    faults.gracefulStop({ on: ["env-1"] }),
    faults.slowDeath({ on: ["env-1", ...replicaHosts()], max: 2 }),
    faults.partition({ max: 1 }),
  ],
  sometimes: {
    "env.leading": "an environment served",
    "source.resumed": "a source was rendered",
    "sink.committed": "a sink delivered something",
  },
  invariants: engineInvariants,
  policies: enginePolicies,
  bugs: [bugs.B1, bugs.B3, bugs.B4],
  body: async ({ world, run, settle, policies }) => {
    const db = new StreamingWorld({ world, policies });
    await db.upstream.createTopic("orders", 2);
    await db.ensure("CREATE CONNECTION k TO KAFKA (BROKERS ('broker-1:9092', 'broker-2:9092', 'broker-3:9092'))");
    const source =
      "CREATE SOURCE orders (customer int, amount int) FROM KAFKA CONNECTION k (TOPIC 'orders') FORMAT JSON ENVELOPE NONE";
    await db.ensure(source).catch(async (error: { code?: string }) => {
      // The administrator was quicker: set-up is no part of what is judged.
      if (error.code !== "42704") throw error;
      await db.upstream.createTopic("orders", 2);
      await db.ensure(source);
    });
    await db.ensure(
      "CREATE MATERIALIZED VIEW totals AS SELECT customer, sum(amount) AS total FROM orders GROUP BY customer",
    );
    await db.ensure(
      "CREATE SINK out FROM totals INTO KAFKA CONNECTION k (TOPIC 'totals') KEY (customer) FORMAT JSON ENVELOPE UPSERT",
    );
    const produce = (value: string) => db.upstream.produce("orders", value.length % 2 === 0 ? "a" : "b", value);
    await run({
      produce: (order: object) => produce(JSON.stringify(order)),
      garbage: produce,
      create: (name: string) =>
        db.rows(
          `CREATE SINK ${name} FROM totals INTO KAFKA CONNECTION k (TOPIC '${name}') KEY (customer) FORMAT JSON ENVELOPE UPSERT`,
        ),
      statuses: (relation: string) => db.rows(`SELECT * FROM ${relation}`),
      read: () => db.rows("SELECT * FROM totals"),
    });
    await settle({ within: "50s" });
  },
});
