/**
 * The scenario that benchmarks of the mesh run: some processes and nothing else, under faults of processes, wires and
 * clocks, judged by the mesh's invariants. It tells how long forming took after the last fault. Sound code only.
 */
import type { SimDefinition } from "../../../runner/definition.ts";
import { controllerPolicies, meshPolicies } from "../../../engine/mesh/policies.ts";
import { silenceBound } from "../../../engine/mesh/timing.ts";
import * as faults from "../../../faults/public.ts";
import { defineInvariant } from "../../../invariants/define-invariant.ts";
import { formedMesh } from "../../../invariants/mesh/formed-mesh.ts";
import { sharedFate } from "../../../invariants/mesh/shared-fate.ts";
import { singleIncarnations } from "../../../invariants/mesh/single-incarnations.ts";
import { toDefinition } from "../../../scenario/define-scenario.ts";
import { MeshLaboratory } from "../../../world/mesh-laboratory.ts";

/** The longest wait of a process for its restart in these runs. */
export const longestRestart = "10s";

/** When the last fault began or ended, and when the last process formed, virtual µs. */
export interface Recovery {
  faultAt: number;
  formedAt: number;
}

/** A storm over so many processes; what comes of a run is written to `recovery`. */
export function meshStorm(processes: number, recovery: Recovery): SimDefinition {
  const invariants = [formedMesh, sharedFate, singleIncarnations, recoveryWatch(recovery)];
  const policies = { mesh: meshPolicies, controller: controllerPolicies };
  return toDefinition(
    `mesh-${processes}`,
    { duration: "60s", faultsCount: { min: 1, max: 12 }, faults: families, invariants, policies },
    async ({ world, settle }) => {
      const restarts = { first: "1s", max: longestRestart } as const;
      const laboratory = new MeshLaboratory({ world, policies, processes, restarts });
      await world.sleep("54s");
      await settle({ within: laboratory.bound });
      await world.sleep(silenceBound());
      await settle({ within: laboratory.bound });
    },
  );
}

const families = [
  faults.crash({ max: 6 }),
  faults.hostDown(),
  faults.powerLoss(),
  faults.slowDeath(),
  faults.pause(),
  faults.addressInUse({ max: 2 }),
  faults.phantomAccept(),
  faults.partition(),
  faults.oneWayPartition(),
  faults.connectionLoss({ max: 2 }),
  faults.reset(),
  faults.halfOpen(),
  faults.clockOffset(),
];

function recoveryWatch(recovery: Recovery) {
  const faulted = (_state: unknown, _data: unknown, { at }: { readonly at: number }): void => {
    recovery.faultAt = at;
  };
  return defineInvariant({
    id: "BENCH-RECOVERY",
    doc: "Notes when the last fault was over and when the last process formed.",
    state: () => null,
    on: {
      "fault.injected": faulted,
      "fault.healed": faulted,
      "mesh.formed": (_state, _data, { at }) => {
        recovery.formedAt = at;
      },
    },
  });
}
