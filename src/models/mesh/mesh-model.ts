/** The worker mesh as a model: a forming core at each member, and the environment around them. */
import type { FormingCore } from "../../engine/mesh/forming.ts";
import type { Model } from "../../explore/model.ts";
import { epochTransitions } from "./coverage.ts";
import { describeMove } from "./describe.ts";
import { Environment, type EnvironmentOptions, type MeshMove } from "./environment.ts";
import { isWhole, meshProperties } from "./properties.ts";
import { Parts, type Extent } from "./world.ts";
import { epochForming } from "../../engine/mesh/forming.ts";

export interface MeshModelOptions extends Extent, EnvironmentOptions {
  readonly core: FormingCore;
  readonly title: string;
}

/** A replica whose members are all down at first. */
export function meshModel(options: MeshModelOptions): Model<string, MeshMove> {
  const parts = new Parts(options.core, options);
  const environment = new Environment(parts, options);
  return {
    title: options.title,
    initial: [parts.nothing],
    enabled: (state) => environment.enabled(state),
    key: (state) => state,
    properties: meshProperties(parts),
    goal: {
      id: "L-MESH-1",
      doc: "a mesh is formed, all of whose links are alive",
      isReached: (state) => isWhole(parts, state),
    },
    coreTransitions: options.core === epochForming ? epochTransitions : [],
    describe: (move, from, to) => describeMove(parts, move, from, to),
  };
}
