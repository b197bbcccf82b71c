/**
 * Liveness contract: when the faults are over, both sinks have delivered what there is within 80 s: a broker's return (4 s),
 * the longest backoff of a connector (16 s) and of a process (10 s), the timeout of the other sink's transaction (10 s)
 * behind which its progress may be hidden, and one more round of these.
 */
import { defineScenario, fc } from "wavetank";
import { bugs } from "wavetank/bugs";
import { enginePolicies, replicaHosts, StreamingWorld } from "wavetank/engine";
import * as faults from "wavetank/faults";
import { engineInvariants } from "wavetank/invariants";

const processes = replicaHosts();
/** Wires with traffic of sinks. */
const wire = {
  a: fc.constantFrom("postgres", "broker-1", "broker-2", "broker-3"),
  b: fc.constantFrom(...processes),
};

export default defineScenario({
  name: "sink-exactly-once",
  doc: "A Kafka sink delivers every change exactly once, whatever brokers and workers do.",
  duration: "40s",
  sessions: 3,
  opsCount: { min: 20, max: 80 },
  ops: {
    produce: fc.record({ customer: fc.nat(5), amount: fc.integer({ min: -50, max: 50 }) }),
    read: fc.constant({}),
    // Somebody else's transaction on the topic of progress records hides what is behind it.
    hold: fc.integer({ min: 500, max: 8_000 }),
    add: fc.constantFrom("third", "fourth"),
  },
  faultsCount: { min: 0, max: 10 },
  faults: [
    faults.crash({ on: processes, max: 6 }),
    faults.slowDeath({ on: [...processes, "env-1"] }),
    faults.pause({ on: [...processes, "env-1", "broker-1", "broker-2"] }),
    faults.replicaCrash(),
    faults.brokerDown(),
    faults.kafkaOutage({ max: 1 }),
    faults.brokerSlow(),
    faults.coordinatorMoved(),
    faults.leaderMoved(),
    faults.kafkaLostAnswers(),
    faults.kafkaBrokerErrors(),
    faults.objectStoreErrors({ max: 1 }),
    faults.postgresLostAnswers({ max: 2 }),
    faults.partition({ max: 1 }),
    faults.halfOpen({ max: 2, params: wire }),
    faults.reset({ max: 2, params: wire }),
  ],
  sometimes: {
    "sink.committed": "a sink delivered something",
    "sink.txn-aborted": "a transaction was aborted",
    "sink.resumed": "a sink found where to go on",
    "kafka.producer-fenced": "a producer that was replaced was refused",
  },
  invariants: engineInvariants,
  policies: enginePolicies,
  bugs: [bugs.B27, bugs.B29, bugs.B30],
  body: async ({ world, run, settle, policies }) => {
    const db = new StreamingWorld({ world, policies });
    await db.upstream.createTopic("orders", 4);
    await db.ensure("CREATE CONNECTION k TO KAFKA (BROKERS ('broker-1:9092', 'broker-2:9092'))");
    await db.ensure(
      "CREATE SOURCE orders (customer int, amount int) FROM KAFKA CONNECTION k (TOPIC 'orders') FORMAT JSON",
    );
    await db.ensure(
      "CREATE MATERIALIZED VIEW totals AS SELECT customer, sum(amount) AS total FROM orders GROUP BY customer",
    );
    const sink = (name: string, envelope: string) =>
      `CREATE SINK ${name} FROM totals INTO KAFKA CONNECTION k (TOPIC '${name}', PARTITION COUNT 3) KEY (customer) FORMAT JSON ENVELOPE ${envelope}`;
    await db.ensure(sink("states", "UPSERT"));
    await db.ensure(sink("changes", "DEBEZIUM"));
    await run({
      produce: (order: { customer: number }) =>
        db.upstream.produce("orders", String(order.customer), JSON.stringify(order)),
      hold: (ms: number) => db.upstream.holdTransaction("wavetank-progress-u1", `${ms}ms`),
      add: (name: string) => db.rows(sink(name, "UPSERT")),
      read: () => db.rows("SELECT customer, total FROM totals ORDER BY customer"),
    });
    await settle({ within: "80s" });
  },
});
