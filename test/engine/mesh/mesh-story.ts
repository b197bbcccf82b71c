/** Scripted stories of the mesh alone: what happens to whom at which second, and how it ends under a protocol. */
import type { FaultFactory } from "../../../src/faults/define-fault.ts";
import type { ControllerPolicies, MeshPolicies } from "../../../src/engine/mesh/policies.ts";
import type { InvariantDefinition } from "../../../src/runner/definition.ts";
import type { RunRecord } from "../../../src/runner/run/record.ts";
import type { Body } from "../../../src/scenario/define-scenario.ts";
import type { MeshLaboratoryOptions } from "../../../src/world/mesh-laboratory.ts";
import { controllerPolicies, meshPolicies } from "../../../src/engine/mesh/policies.ts";
import { silenceBound } from "../../../src/engine/mesh/timing.ts";
import { formedMesh } from "../../../src/invariants/mesh/formed-mesh.ts";
import { sharedFate } from "../../../src/invariants/mesh/shared-fate.ts";
import { singleIncarnations } from "../../../src/invariants/mesh/single-incarnations.ts";
import { nextSeed, parseSeed } from "../../../src/runner/plan/seed.ts";
import { execute } from "../../../src/runner/run/execute.ts";
import { toDefinition } from "../../../src/scenario/define-scenario.ts";
import { MeshLaboratory } from "../../../src/world/mesh-laboratory.ts";

/** A fault that begins at a second, and is healed at another. */
export type Act = readonly [second: number, fault: FaultFactory<any>, params: object, healedAt?: number];

export interface Story {
  readonly processes: number;
  /** Every wait for a restart; 3 s unless told. */
  readonly restarts?: MeshLaboratoryOptions["restarts"];
  readonly acts: readonly Act[];
  /** Whether faults that are active when the story has been told go on for ever. */
  readonly staysBroken?: boolean;
  readonly work?: MeshLaboratoryOptions["work"];
}

/** A protocol: the one in force unless overridden. */
export interface Protocol extends Partial<MeshPolicies> {
  readonly controller?: ControllerPolicies;
}

export interface Ending {
  readonly record: RunRecord;
  /** What broke first; null when the mesh came back within its bound, and held. */
  readonly broken: string | null;
  /** From the last act to the last process that formed, virtual µs. */
  readonly took: number;
  /** How often a process formed a mesh, for good or not. */
  readonly formations: number;
}

/** What formed and when, as the tale of a run. Judges nothing. */
function watcher(seen: { formedAt: number; formations: number }): InvariantDefinition {
  return {
    id: "TEST-FORMED",
    doc: "Notes who formed, and when.",
    state: () => null,
    on: {
      "mesh.formed": (_state, _data, { at }) => {
        seen.formedAt = at;
        seen.formations++;
      },
    },
  };
}

/** Tells a story under a protocol, then waits for as long as the bound allows. Seeds decide who is quicker. */
export async function tell(
  story: Story,
  { controller = controllerPolicies, ...mesh }: Protocol = {},
  seed = "0000000000001",
): Promise<Ending> {
  const { processes, restarts = { first: "3s", max: "3s" }, acts, work, staysBroken = false } = story;
  const seen = { formedAt: 0, formations: 0 };
  const last = Math.max(0, ...acts.flatMap(([second, , , healedAt = 0]) => [second, healedAt]));
  const body: Body = async ({ world, faults, settle }) => {
    const policies = { mesh: { ...meshPolicies, ...mesh }, controller };
    const options = { world, policies, processes, restarts, ...(work === undefined ? {} : { work }) };
    const laboratory = new MeshLaboratory(options);
    for (const [second, fault, params, healedAt] of acts) {
      let heal = (): void => undefined;
      world.at(`${second}s`, () => void (heal = faults.inject(fault, params as never)));
      if (healedAt !== undefined) world.at(`${healedAt}s`, () => heal());
    }
    await world.sleep(`${last}s`);
    if (staysBroken) return world.sleep(laboratory.bound);
    await settle({ within: laboratory.bound });
    await world.sleep(silenceBound());
    await settle({ within: laboratory.bound });
  };
  const invariants = [formedMesh, singleIncarnations, sharedFate, watcher(seen)];
  const definition = toDefinition("story", { invariants, budget: { virtual: "1h" } }, body);
  const record = await execute(definition, { scenario: "story", seed, knobs: {}, items: [] });
  return {
    record,
    broken: record.failure?.signature ?? null,
    took: seen.formedAt - last * 1_000_000,
    formations: seen.formations,
  };
}

/** The same story under several seeds. */
export async function tellOften(story: Story, protocol: Protocol = {}, times = 20): Promise<Ending[]> {
  const endings: Ending[] = [];
  for (let index = 0; index < times; index++) {
    endings.push(await tell(story, protocol, nextSeed(parseSeed("1"), index)));
  }
  return endings;
}
