/**
 * Liveness contract: when the faults are over, the newest generation leads, its replica has a mesh and its connectors run,
 * within 80 s: the longest backoffs of a process (10 s), of a connector (16 s) and of a session with Postgres after an
 * outage of 20 s (16 s), a transaction of the old generation's sink that has to time out (10 s), and one round more of a
 * process that is fenced by its own successor.
 */
import { defineScenario, fc } from "wavetank";
import { bugs } from "wavetank/bugs";
import { enginePolicies, StreamingWorld } from "wavetank/engine";
import * as faults from "wavetank/faults";
import { engineInvariants } from "wavetank/invariants";

const environments = ["env-1", "env-2"];

export default defineScenario({
  name: "two-generations",
  doc: "A new generation of the database fences the old one out while clients read and write: no write is lost or done twice.",
  duration: "40s",
  sessions: 2,
  opsCount: { min: 12, max: 50 },
  ops: {
    insert: fc.record({ id: fc.nat(999_999), weight: fc.nat(9) }),
    create: fc.nat(3),
    drop: fc.nat(3),
    produce: fc.record({ customer: fc.nat(3), amount: fc.integer({ min: -9, max: 9 }) }),
    sink: fc.constantFrom("first", "second"),
    read: fc.constantFrom("SELECT * FROM items", "SELECT * FROM weights", "SELECT * FROM mz_deployment"),
  },
  knobs: { deployAt: fc.integer({ min: 3, max: 30 }) },
  faultsCount: { min: 0, max: 8 },
  faults: [
    faults.crash({ on: environments }),
    // A takeover is a few writes: die or stand still between two of them.
    faults.crashAfterWrite({ on: environments, params: { write: fc.integer({ min: 1, max: 5 }) } }),
    faults.pauseAfterWrite({ on: environments, params: { write: fc.integer({ min: 1, max: 5 }) }, max: 6 }),
    faults.slowDeath({ on: environments }),
    faults.pause({ on: environments }),
    faults.gracefulStop({ on: environments, max: 1 }),
    faults.clockOffset({ on: environments, max: 2 }),
    faults.postgresLostAnswers(),
    faults.postgresOutage({ max: 1 }),
    faults.replicaCrash({ max: 1 }),
    faults.partition({ max: 1 }),
    // Slow answers of the catalog's store stretch the time between the steps of a takeover.
    faults.latency({ max: 5, params: { a: fc.constant("postgres"), b: fc.constantFrom(...environments) } }),
  ],
  sometimes: {
    "env.fenced": "an environment saw that it was replaced",
    "env.ending": "an environment ended on purpose",
    "catalog.opened": "a catalog was opened",
    "table.written": "a table was written",
  },
  invariants: engineInvariants,
  policies: enginePolicies,
  bugs: [bugs.B15, bugs.B43, bugs.B44],
  body: async ({ world, run, settle, knobs, policies }) => {
    const db = new StreamingWorld({ world, policies });
    await db.ensure("CREATE TABLE items (id int, weight int)");
    await db.ensure("CREATE MATERIALIZED VIEW weights AS SELECT weight, count(*) AS items FROM items GROUP BY weight");
    await db.upstream.createTopic("orders", 2);
    await db.ensure("CREATE CONNECTION k TO KAFKA (BROKERS ('broker-1:9092', 'broker-2:9092', 'broker-3:9092'))");
    await db.ensure(
      "CREATE SOURCE orders (customer int, amount int) FROM KAFKA CONNECTION k (TOPIC 'orders') FORMAT JSON",
    );
    await db.ensure(
      "CREATE MATERIALIZED VIEW totals AS SELECT customer, sum(amount) AS total FROM orders GROUP BY customer",
    );
    const sink = (name: string) =>
      `CREATE SINK ${name} FROM totals INTO KAFKA CONNECTION k (TOPIC '${name}') KEY (customer) FORMAT JSON ENVELOPE UPSERT`;
    await db.ensure(sink("out"));
    world.at(`${Number(knobs["deployAt"])}s`, () => db.deploy());
    await run({
      insert: ({ id, weight }: { id: number; weight: number }) =>
        db.rows(`INSERT INTO items VALUES (${id}, ${weight})`),
      create: (n: number) => db.rows(`CREATE MATERIALIZED VIEW v${n} AS SELECT id FROM items WHERE weight = ${n}`),
      drop: (n: number) => db.rows(`DROP MATERIALIZED VIEW v${n}`),
      produce: (order: { customer: number }) =>
        db.upstream.produce("orders", String(order.customer), JSON.stringify(order)),
      sink: (name: string) => db.rows(sink(name)),
      read: (sql: string) => db.rows(sql),
    });
    await settle({ within: "80s" });
  },
});
