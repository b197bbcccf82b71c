/**
 * `mesh`: how the processes of a replica form a mesh, of two to four members, for each of the assumptions about time. Six
 * kinds of faults where there are few members; at four, two processes that crash, or one fault of another kind.
 */
import type { FormingCore } from "../../engine/mesh/forming.ts";
import type { EnvironmentOptions, MeshFault } from "./environment.ts";
import { epochForming } from "../../engine/mesh/forming.ts";
import { worldOf, type Explorable, type ExplorableWorld } from "../explorable.ts";
import { meshModel } from "./mesh-model.ts";

const everything: readonly MeshFault[] = ["crash", "power loss", "half-open", "reset", "phantom", "clock jump"];

/** What befalls the network and the clock, while nobody dies. */
const bloodless: readonly MeshFault[] = ["half-open", "reset", "phantom", "clock jump"];

interface Instance extends EnvironmentOptions {
  readonly size: number;
  readonly count: number;
  readonly title: string;
}

const instances: readonly Instance[] = [
  { size: 2, count: 3, title: "≤3 faults, any delay", delays: "any", timeouts: "anytime", faults: everything },
  { size: 3, count: 2, title: "≤2 faults, timeouts last", delays: "short", timeouts: "last", faults: everything },
  { size: 3, count: 2, title: "≤2 faults, timeouts anytime", delays: "short", timeouts: "anytime", faults: everything },
  { size: 3, count: 2, title: "≤2 crashes, long delays", delays: "long", timeouts: "anytime", faults: ["crash"] },
  { size: 4, count: 2, title: "≤2 crashes, timeouts last", delays: "short", timeouts: "last", faults: ["crash"] },
  { size: 4, count: 2, title: "≤2 crashes, timeouts anytime", delays: "short", timeouts: "anytime", faults: ["crash"] },
  {
    size: 4,
    count: 1,
    title: "≤1 power loss, timeouts last",
    delays: "short",
    timeouts: "last",
    faults: ["power loss"],
  },
  { size: 4, count: 1, title: "≤1 other fault, timeouts last", delays: "short", timeouts: "last", faults: bloodless },
];

/** Connections of two members at a time. More make no difference to the protocol in force. */
const backlog = 2;

function worlds(core: FormingCore): readonly ExplorableWorld[] {
  return instances.map(({ count, ...options }) =>
    worldOf(`${options.size} processes, ${options.title}`, count, (title) =>
      meshModel({ ...options, title, core, backlog }),
    ),
  );
}

/** See the head of the file. */
export const mesh: Explorable<FormingCore> = {
  id: "mesh",
  doc: "The processes of a replica form a mesh, whoever dies while they do.",
  liveness: "a formed mesh is reached once faults stop",
  core: epochForming,
  worlds,
};
