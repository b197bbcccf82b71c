/** `fencing`: who may write to the catalog, between environments of two and of three generations. */
import type { CatalogPolicies } from "../../engine/catalog/policies.ts";
import { catalogPolicies } from "../../engine/catalog/policies.ts";
import { worldOf, type Explorable } from "../explorable.ts";
import { fencingModel } from "./fencing-model.ts";

const instances = [
  { generations: [1, 2], writes: 2, faults: 2 },
  { generations: [1, 2], writes: 1, faults: 3 },
  { generations: [1, 2, 3], writes: 0, faults: 1 },
  { generations: [1, 2, 3], writes: 1, faults: 0 },
] as const;

/** See the head of the file. */
export const fencing: Explorable<CatalogPolicies> = {
  id: "fencing",
  doc: "One environment at a time writes to the catalog, and who is replaced finds out.",
  liveness: "the newest generation leads once faults stop",
  core: catalogPolicies,
  worlds: (policies) =>
    instances.map(({ generations, writes, faults }) =>
      worldOf(
        `${generations.length} generations, ${counted(writes, "write")}, ${faults === 0 ? "" : "≤"}${counted(faults, "fault")}`,
        faults,
        (title) => fencingModel({ title, policies, generations, writes }),
      ),
    ),
};

function counted(count: number, noun: string): string {
  return `${count === 0 ? "no" : count} ${noun}${count === 1 ? "" : "s"}`;
}
