/** `lifecycle`: what the status of a connector goes through, and what its history says of that. */
import { nextLifecycle } from "../../engine/connectors/lifecycle.ts";
import { coordinatorPolicies } from "../../engine/coordinator/policies.ts";
import { worldOf, type Explorable } from "../explorable.ts";
import { lifecycleModel, type LifecycleExtent } from "./lifecycle-model.ts";
import type { LifecycleCore } from "./state.ts";

/** What makes incarnations differ, outages met by both of two, and all that parts can be to each other. */
const extents: readonly (LifecycleExtent & { readonly faults: number })[] = [
  { renewals: 1, parts: 0, faults: 2 },
  { renewals: 1, parts: 1, faults: 1 },
  { renewals: 0, parts: 2, faults: 3 },
];

/** See the head of the file. */
export const lifecycle: Explorable<LifecycleCore> = {
  id: "lifecycle",
  doc: "A connector's status follows its lifecycle, and its history never goes back.",
  liveness: "the last row says how the connector is once faults stop",
  core: { next: nextLifecycle, isCurrent: coordinatorPolicies.isCurrent },
  worlds: (core) =>
    extents.map(({ faults, ...extent }) =>
      worldOf(titleOf(extent, faults), faults, (title) => lifecycleModel(title, core, extent)),
    ),
};

function titleOf({ renewals, parts }: LifecycleExtent, faults: number): string {
  const outages = parts === 0 ? "" : `, ${parts === 1 ? "1 part" : `${parts} parts`}`;
  const incarnations = renewals === 0 ? "1 incarnation" : `${renewals + 1} incarnations`;
  return `1 connector${outages}, ${incarnations}, ≤${faults} fault${faults === 1 ? "" : "s"}`;
}
