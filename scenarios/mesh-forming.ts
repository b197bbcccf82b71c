/**
 * The mesh alone, without a database: 2 to 16 processes that form, lose and form it again.
 *
 * Liveness contract: when the faults are over, a mesh has formed within n·(1 s + d) + B. n is the number of processes;
 * 1 s is the retry of a dial (`meshTiming.retryDelay`); d = 15 s is how long a dead link is taken for alive
 * (`silenceBound`: two silent beats of 5 s, and the one before them); B is the longest wait for a restart, a knob from 1 s
 * to 3 min. So 33 s for two processes that are started again after 1 s, 436 s for sixteen after up to 3 min
 * (`formingBound`).
 */
import { defineScenario, fc, type Duration } from "wavetank";
import { bugs } from "wavetank/bugs";
import { controllerPolicies, enginePolicies, MeshLaboratory, silenceBound } from "wavetank/engine";
import * as faults from "wavetank/faults";
import { formedMesh, sharedFate, singleIncarnations } from "wavetank/invariants";

/** All dial process 0, which also mints; the controller is there where a protocol that needs one is planted. */
const host = fc.oneof(
  { arbitrary: fc.nat(99), weight: 4 },
  { arbitrary: fc.constant("clusterd-0"), weight: 2 },
  { arbitrary: fc.constant("controller"), weight: 1 },
);

export default defineScenario({
  name: "mesh-forming",
  doc: "2 to 16 processes find each other whatever dies, hangs, lies about time or cuts them off: one mesh, in bounded time.",
  duration: "60s",
  opsCount: 0,
  knobs: {
    processes: fc.oneof(
      { arbitrary: fc.integer({ min: 2, max: 5 }), weight: 6 },
      { arbitrary: fc.constantFrom(8, 16), weight: 1 },
    ),
    // At once, shortly, or more and more slowly, as an orchestrator does.
    restarts: fc.constantFrom({ first: "1s", max: "1s" }, { first: "3s", max: "3s" }, { first: "1s", max: "180s" }),
  },
  faultsCount: { min: 1, max: 12 },
  faults: [
    faults.crash({ params: { host }, max: 6 }),
    faults.hostDown({ params: { host } }),
    faults.powerLoss({ params: { host } }),
    faults.slowDeath({ params: { host } }),
    faults.pause({ params: { host } }),
    faults.addressInUse({ params: { host }, max: 2 }),
    faults.phantomAccept({ params: { host } }),
    faults.refuse({ params: { host }, max: 2 }),
    faults.partition(),
    faults.oneWayPartition(),
    faults.clog({ max: 2 }),
    faults.latency({ max: 2 }),
    faults.connectionLoss({ max: 2 }),
    faults.reset(),
    faults.halfOpen(),
    faults.clockOffset({ params: { host } }),
    faults.clockDrift({ params: { host }, max: 2 }),
    faults.clockFreeze({ params: { host }, max: 2 }),
  ],
  sometimes: {
    "mesh.attempt": "an attempt got an epoch",
    "mesh.formed": "a mesh formed",
    "mesh.heard": "a member was heard in the mesh",
    "mesh.lost": "a mesh that had formed was lost",
    "process.exited": "a process ended by itself",
  },
  invariants: [formedMesh, singleIncarnations, sharedFate],
  policies: { ...enginePolicies, controller: controllerPolicies },
  bugs: [bugs.B37, bugs.B38, bugs.B39, bugs.B40, bugs.B41, bugs.MESH_V0, bugs.MESH_V1, bugs.MESH_V2, bugs.MESH_V4],
  // A replica of sixteen that is started again after minutes may take long, and all the longer if it does not form.
  budget: { virtual: "30m" },
  body: async ({ world, settle, knobs, policies }) => {
    const restarts = knobs["restarts"] as { readonly first: Duration; readonly max: Duration };
    const laboratory = new MeshLaboratory({ world, policies, processes: knobs["processes"] as number, restarts });
    await world.sleep("54s");
    await settle({ within: laboratory.bound });
    // What formed over a link that was dead by then is lost within d, and the bound holds all the same.
    await world.sleep(silenceBound());
    await settle({ within: laboratory.bound });
  },
});
