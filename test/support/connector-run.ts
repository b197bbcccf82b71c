/**
 * Sources, views and sinks under load and drawn faults, judged by invariants: garbage that stays and garbage that is
 * mended, errors that come and go, sinks that begin in the middle. All of a run follows from its seed.
 */
import fc from "fast-check";
import { enginePolicies, type EnginePolicies } from "../../src/engine/policies.ts";
import * as faults from "../../src/faults/public.ts";
import type { FaultUse, InvariantDefinition, SimDefinition } from "../../src/runner/definition.ts";
import { toDefinition } from "../../src/scenario/define-scenario.ts";
import { StreamingWorld } from "../../src/world/streaming-world.ts";

const engine = ["env-1", "clusterd-0", "clusterd-1", "clusterd-2"];
const brokers = ["broker-1", "broker-2", "broker-3"];

const uses: readonly FaultUse[] = [
  faults.crash({ on: [...engine, ...brokers] }),
  faults.slowDeath({ on: engine }),
  faults.pause({ on: [...engine, ...brokers] }),
  faults.brokerDown(),
  faults.kafkaOutage({ max: 2 }),
  faults.brokerSlow(),
  faults.coordinatorMoved(),
  faults.leaderMoved(),
  faults.postgresLostAnswers(),
  faults.objectStoreLostAnswers(),
  faults.replicaCrash(),
  faults.reset({ max: 2 }),
];

const customer = fc.nat(3);

const ops = {
  order: fc.record({ customer, amount: fc.integer({ min: -9, max: 9 }) }),
  state: fc.record({
    key: fc.constantFrom("a", "b", "c", null),
    value: fc.constantFrom('{"n":1}', '{"n":2}', "{", null),
  }),
  insert: customer,
  read: fc.constantFrom(
    "SELECT * FROM totals ORDER BY customer",
    "SELECT o.customer, o.amount, n.times FROM orders o JOIN counts n ON o.customer = n.customer",
    "SELECT n, count(*) AS keys FROM states GROUP BY n",
    "SELECT * FROM shares",
    "SELECT * FROM mz_source_statuses",
    "SELECT name, status FROM mz_sink_statuses WHERE error IS NULL",
  ),
  sink: fc.constantFrom("states", "shares", "names"),
  drop: fc.constantFrom("states", "shares", "names"),
};

/** The scenario. It settles for up to 150 s. */
export function connectorDefinition(
  invariants: readonly InvariantDefinition[],
  policies: EnginePolicies = enginePolicies,
): SimDefinition {
  return toDefinition(
    "connectors",
    {
      duration: "45s",
      ops,
      opsCount: { min: 30, max: 80 },
      sessions: 3,
      faults: uses,
      faultsCount: { min: 0, max: 10 },
      invariants,
      policies: { ...policies },
      budget: { events: 4_000_000 },
    },
    async ({ world, run, settle, policies: inForce }) => {
      const database = new StreamingWorld({ world, policies: inForce as unknown as EnginePolicies });
      await setUp(database);
      const ask = (session: number, sql: string): Promise<unknown> => database.session(`session${session}`).query(sql);
      const produce = (topic: string, key: string | null, value: string | null) =>
        database.upstream.produce(topic, key, value);
      await run({
        order: (order: { customer: number }) => produce("orders", String(order.customer), JSON.stringify(order)),
        state: ({ key, value }: { key: string | null; value: string | null }) => produce("states", key, value),
        insert: (n: number, session) => ask(session, `INSERT INTO names VALUES (${n}, 'name ${n}')`),
        read: (sql: string, session) => ask(session, sql),
        sink: (from: string, session) => ask(session, creating(from)),
        drop: (from: string, session) => ask(session, `DROP SINK IF EXISTS out_${from}`),
      });
      await settle({ within: "150s" });
    },
  );
}

const into = "INTO KAFKA CONNECTION k";

async function setUp(database: StreamingWorld): Promise<void> {
  await database.upstream.createTopic("orders", 2);
  await database.upstream.createTopic("states", 3);
  const from = "FROM KAFKA CONNECTION k";
  for (const sql of [
    "CREATE CONNECTION k TO KAFKA (BROKERS ('broker-1:9092', 'broker-2:9092', 'broker-3:9092'))",
    "CREATE TABLE names (customer int, name text)",
    `CREATE SOURCE orders (customer int, amount int) ${from} (TOPIC 'orders') FORMAT JSON`,
    `CREATE SOURCE states (key text, n int) ${from} (TOPIC 'states') FORMAT JSON ENVELOPE UPSERT`,
    "CREATE MATERIALIZED VIEW totals AS SELECT customer, sum(amount) AS total FROM orders GROUP BY customer",
    "CREATE MATERIALIZED VIEW counts AS SELECT customer, count(*) AS times FROM names GROUP BY customer",
    // An error while some customer has a total of three.
    "CREATE MATERIALIZED VIEW shares AS SELECT customer, 100 / (total - 3) AS share FROM totals",
    `CREATE SINK out FROM totals ${into} (TOPIC 'out', PARTITION COUNT 2) KEY (customer) FORMAT JSON ENVELOPE UPSERT`,
  ]) {
    await database.ensure(sql);
  }
}

/** A sink that begins whenever it is made; a table has no key. */
function creating(from: string): string {
  const key = from === "states" ? " KEY (key)" : from === "shares" ? " KEY (customer)" : "";
  return `CREATE SINK out_${from} FROM ${from} ${into} (TOPIC 'out-${from}')${key} FORMAT JSON ENVELOPE DEBEZIUM`;
}
