/** The scenarios of the engine, in the order of their names, and rows for `it.each`. */
import type { BugDefinition, SimDefinition } from "../../src/runner/definition.ts";
import controlPlane from "../../scenarios/control-plane.ts";
import meshCrashLoop from "../../scenarios/mesh-crash-loop.ts";
import meshForming from "../../scenarios/mesh-forming.ts";
import mixedSoak from "../../scenarios/mixed-soak.ts";
import restartBrokenConnectors from "../../scenarios/restart-broken-connectors.ts";
import sinkExactlyOnce from "../../scenarios/sink-exactly-once.ts";
import storageUnderFire from "../../scenarios/storage-under-fire.ts";
import twoGenerations from "../../scenarios/two-generations.ts";

export interface EngineRow {
  readonly name: string;
  readonly definition: SimDefinition;
}

export const engineRows: readonly EngineRow[] = [
  controlPlane,
  meshCrashLoop,
  meshForming,
  mixedSoak,
  restartBrokenConnectors,
  sinkExactlyOnce,
  storageUnderFire,
  twoGenerations,
].map(({ definition }) => ({ name: definition.name, definition }));

export interface EngineBugRow extends EngineRow {
  readonly id: string;
  readonly bug: BugDefinition;
  readonly breaks: string;
}

export const engineBugRows: readonly EngineBugRow[] = engineRows.flatMap((row) =>
  row.definition.bugs.map((bug) => ({ ...row, id: bug.id, bug, breaks: bug.breaks })),
);
