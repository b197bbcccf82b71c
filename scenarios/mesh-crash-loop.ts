/**
 * Liveness contract: when the faults are over, a replica whose processes restart 3 s after each death has a mesh within
 * 29 s. The bound for four processes: everyone has restarted after the last death that a dead socket causes (two rounds
 * of 3 s), the retries of dialing and of an attempt that failed (1 s and 0.6 s each, for each of three lower peers), a half-open
 * link is noticed after 15 s, and a peer that vanished while greeting after 3 s.
 */
import { defineScenario, fc } from "wavetank";
import { bugs } from "wavetank/bugs";
import { enginePolicies, replicaHosts, StreamingWorld } from "wavetank/engine";
import * as faults from "wavetank/faults";
import { engineInvariants } from "wavetank/invariants";

/** One more than elsewhere: the more there are, the longer a protocol without epochs goes round. */
const topology = { processes: 4 };
const processes = replicaHosts(topology);

export default defineScenario({
  name: "mesh-crash-loop",
  doc: "Processes of a replica die at any time, also while their mesh forms: it always comes back, and so do its dataflows.",
  duration: "30s",
  opsCount: { min: 4, max: 16 },
  ops: {
    insert: fc.record({ id: fc.nat(999_999), weight: fc.nat(9) }),
    read: fc.constant({}),
  },
  faultsCount: { min: 2, max: 10 },
  faults: [
    // Process 0 is the one that all dial: without it nothing forms, and what formed with it before is dead.
    faults.crash({ on: ["clusterd-0", ...processes], max: 6 }),
    faults.hostDown({ on: processes }),
    faults.replicaCrash({ max: 2 }),
    faults.pause({ on: processes, max: 2 }),
    faults.slowDeath({ on: processes, max: 2 }),
    faults.addressInUse({ on: processes, max: 1 }),
    faults.phantomAccept({ on: processes, max: 1 }),
    faults.refuse({ on: processes, max: 1 }),
    faults.halfOpen({ max: 2, params: { a: fc.constantFrom(...processes), b: fc.constantFrom(...processes) } }),
    faults.reset({ max: 2, params: { a: fc.constantFrom(...processes), b: fc.constantFrom(...processes) } }),
  ],
  sometimes: {
    "mesh.formed": "a mesh formed",
    "mesh.lost": "a mesh that had formed was lost",
    "replica.reconciled": "a replica was told what to run",
    "peek.answered": "a query was answered",
  },
  invariants: engineInvariants,
  policies: enginePolicies,
  bugs: [bugs.B36, bugs.B42],
  body: async ({ world, run, settle, policies }) => {
    const db = new StreamingWorld({ world, policies, topology, restarts: { first: "3s", max: "3s" } });
    await db.ensure("CREATE TABLE items (id int, weight int)");
    await db.ensure("CREATE MATERIALIZED VIEW weights AS SELECT weight, count(*) AS items FROM items GROUP BY weight");
    await run({
      insert: ({ id, weight }: { id: number; weight: number }) =>
        db.rows(`INSERT INTO items VALUES (${id}, ${weight})`),
      read: () => db.rows("SELECT * FROM weights"),
    });
    await settle({ within: "29s" });
  },
});
