/**
 * Liveness contract: when the faults are over, everything is served and caught up within 80 s: the backoff of a session
 * with Postgres after several outages in a row (60 s at most), of a process (10 s), and a request's limit (5 s).
 */
import { defineScenario, fc } from "wavetank";
import { bugs } from "wavetank/bugs";
import { enginePolicies, replicaHosts, StreamingWorld } from "wavetank/engine";
import * as faults from "wavetank/faults";
import { engineInvariants } from "wavetank/invariants";

const engine = ["env-1", ...replicaHosts()];
/** Wires with traffic of the stores. */
const wire = { a: fc.constantFrom("postgres", "postgres", "s3"), b: fc.constantFrom(...engine) };

export default defineScenario({
  name: "storage-under-fire",
  doc: "Object store and consensus fail, answer late or not at all: every acknowledged write is there once, every read is definite.",
  duration: "40s",
  sessions: 3,
  opsCount: { min: 20, max: 80 },
  ops: {
    insert: fc.record({ id: fc.nat(999_999), weight: fc.integer({ min: -2, max: 2 }) }),
    read: fc.constantFrom(
      "SELECT * FROM items",
      "SELECT * FROM weights",
      "SELECT * FROM shares",
      "SELECT i.id, w.items FROM items i JOIN weights w ON i.weight = w.weight",
    ),
  },
  faultsCount: { min: 0, max: 10 },
  faults: [
    faults.objectStoreErrors(),
    faults.objectStoreLostAnswers(),
    faults.postgresLostAnswers(),
    faults.postgresOutage({ max: 2 }),
    faults.postgresRestart({ max: 2 }),
    faults.postgresConnectionLimit({ max: 2 }),
    faults.crash({ on: [...engine, "s3", "postgres"] }),
    faults.pause({ on: [...engine, "s3", "postgres"] }),
    faults.slowDeath({ on: engine, max: 2 }),
    faults.partition({ max: 1 }),
    faults.halfOpen({ max: 2, params: wire }),
    faults.clockDrift({ on: engine, max: 1 }),
  ],
  sometimes: {
    "table.written": "a table was written",
    "s3.failed": "the object store failed",
    "postgres.answer-lost": "an answer of Postgres was lost",
    "peek.answered": "a query was answered",
  },
  invariants: engineInvariants,
  policies: enginePolicies,
  bugs: [bugs.B51, bugs.B62],
  body: async ({ world, run, settle, policies }) => {
    const db = new StreamingWorld({ world, policies });
    await db.ensure("CREATE TABLE items (id int, weight int)");
    await db.ensure("CREATE MATERIALIZED VIEW weights AS SELECT weight, count(*) AS items FROM items GROUP BY weight");
    // Divides by zero for a weight of which there are exactly two items, and recovers with the third.
    await db.ensure("CREATE MATERIALIZED VIEW shares AS SELECT weight, 100 / (items - 2) AS share FROM weights");
    await run({
      // Two rows of one weight: one statement makes a share that divides by zero.
      insert: ({ id, weight }: { id: number; weight: number }) =>
        db.rows(`INSERT INTO items VALUES (${id}, ${weight}), (${id + 1_000_000}, ${weight})`),
      read: (sql: string) => db.rows(sql),
    });
    await settle({ within: "80s" });
  },
});
