/** `lifecycle`: what the status of a connector goes through, and what its history says of that. */
import { nextLifecycle } from "../../engine/connectors/lifecycle.ts";
import { coordinatorPolicies } from "../../engine/coordinator/policies.ts";
import { worldOf, type Explorable } from "../explorable.ts";
import { lifecycleModel } from "./lifecycle-model.ts";
import type { LifecycleCore } from "./state.ts";

const renewals = 1;
const faults = 2;

/** See the head of the file. */
export const lifecycle: Explorable<LifecycleCore> = {
  id: "lifecycle",
  doc: "A connector's status follows its lifecycle, and its history never goes back.",
  liveness: "the last row says how the connector is once faults stop",
  core: { next: nextLifecycle, isCurrent: coordinatorPolicies.isCurrent },
  worlds: (core) => [
    worldOf(`1 connector, ${renewals + 1} incarnations, ≤${faults} faults`, faults, (title) =>
      lifecycleModel(title, core, renewals),
    ),
  ],
};
