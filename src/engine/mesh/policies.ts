/** Decisions of the worker mesh. */
import type { FormingCore } from "./forming.ts";
import { epochForming } from "./forming.ts";

export interface MeshPolicies {
  /** The protocol by which a mesh is formed. */
  readonly formingCore: FormingCore;
}

export const meshPolicies: MeshPolicies = { formingCore: epochForming };
