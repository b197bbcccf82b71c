/**
 * The scenario that benchmarks of the streaming engine run: a table, a source, views, a sink and reads under faults of
 * services, processes and wires, judged by every invariant of the engine. Sound code only: it knows no bugs.
 */
import fc from "fast-check";
import { loadPgParser } from "../../../base/pg-parser.ts";
import { enginePolicies } from "../../../engine/policies.ts";
import * as faults from "../../../faults/public.ts";
import { invariantDefinitions } from "../../../invariants/registry.ts";
import type { SimDefinition } from "../../../runner/definition.ts";
import { toDefinition } from "../../../scenario/define-scenario.ts";
import { StreamingWorld } from "../../../world/streaming-world.ts";
import { brokerAddresses, environmentHost, replicaHosts } from "../../../world/topology.ts";

const processes = [environmentHost(1), ...replicaHosts()];

const setUp = [
  `CREATE CONNECTION k TO KAFKA (BROKERS (${brokerAddresses()
    .map((address) => `'${address}'`)
    .join(", ")}))`,
  "CREATE SOURCE sales (shop int, amount int) FROM KAFKA CONNECTION k (TOPIC 'sales') FORMAT JSON",
  "CREATE TABLE shops (shop int, city text)",
  "CREATE MATERIALIZED VIEW takings AS SELECT shop, sum(amount) AS total FROM sales GROUP BY shop",
  "CREATE VIEW cities AS SELECT s.city, t.total FROM shops s JOIN takings t ON s.shop = t.shop",
  "CREATE SINK out FROM takings INTO KAFKA CONNECTION k (TOPIC 'takings') KEY (shop) FORMAT JSON ENVELOPE UPSERT",
];

/** The scenario, made once the parser of SQL is there. Settles for up to 60 s, as the mixed soak does. */
export async function loadSoak(): Promise<SimDefinition> {
  await loadPgParser();
  return soak;
}

const soak = toDefinition(
  "engine-bench",
  {
    doc: "A streaming database with all its parts, under faults.",
    duration: "60s",
    sessions: 4,
    opsCount: { min: 20, max: 50 },
    ops: {
      sell: fc.record({ shop: fc.nat(4), amount: fc.integer({ min: -9, max: 9 }) }),
      open: fc.record({ shop: fc.nat(4), city: fc.constantFrom("Oslo", "Porto", "Riga") }),
      read: fc.constantFrom(
        "SELECT * FROM takings",
        "SELECT city, total FROM cities ORDER BY total LIMIT 3",
        "SELECT count(*) FROM shops",
        "SELECT * FROM mz_sink_statuses",
      ),
    },
    faultsCount: { min: 2, max: 8 },
    faults: [
      faults.brokerDown(),
      faults.leaderMoved(),
      faults.coordinatorMoved(),
      faults.objectStoreErrors(),
      faults.objectStoreLostAnswers(),
      faults.postgresLostAnswers(),
      faults.postgresRestart({ max: 1 }),
      faults.crash({ on: processes, max: 2 }),
      faults.pause({ on: processes }),
      faults.replicaCrash({ max: 1 }),
      faults.partition({ max: 1 }),
    ],
    invariants: invariantDefinitions,
    policies: enginePolicies,
  },
  async ({ world, run, settle, policies }) => {
    const db = new StreamingWorld({ world, policies });
    await db.upstream.createTopic("sales", 3);
    for (const statement of setUp) await db.ensure(statement);
    const ask = (session: number, sql: string) => db.session(`client-${session}`).query(sql);
    await run({
      sell: (sale: { readonly shop: number }) => db.upstream.produce("sales", String(sale.shop), JSON.stringify(sale)),
      open: ({ shop, city }: { readonly shop: number; readonly city: string }, session) =>
        ask(session, `INSERT INTO shops VALUES (${shop}, '${city}')`),
      read: (sql: string, session) => ask(session, sql),
    });
    await settle({ within: "60s" });
  },
);
