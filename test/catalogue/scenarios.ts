/** The scenarios that come with Wavetank, with what the tests of the catalogue need to know of each. One line each. */
import type { InvariantDefinition, SimDefinition } from "../../src/runner/definition.ts";
import keyValue from "../../scenarios/examples/key-value/key-value.ts";
import replicatedLog from "../../scenarios/examples/replicated-log/replicated-log.ts";
import { keyValueTraces } from "./traces/key-value.ts";
import { replicatedLogTraces } from "./traces/replicated-log.ts";

/** Observations as a run would make them: kind and data. */
export type HandTrace = readonly (readonly [kind: string, data: object])[];

/** By id of invariant: what it must accept, and what it must reject with its last observation. */
export interface HandTraces {
  readonly [invariant: string]: { readonly accepted: HandTrace; readonly rejected: HandTrace };
}

export interface CatalogueEntry {
  readonly name: string;
  readonly definition: SimDefinition;
  readonly traces: HandTraces;
}

const entries: readonly (readonly [SimDefinition, HandTraces])[] = [
  [keyValue.definition, keyValueTraces],
  [replicatedLog.definition, replicatedLogTraces],
];

export const catalogue: readonly CatalogueEntry[] = entries.map(([definition, traces]) => ({
  name: definition.name,
  definition,
  traces,
}));

/** Rows for `it.each`: every bug of every scenario. */
export const bugRows = catalogue.flatMap(({ name, definition }) =>
  definition.bugs.map((bug) => ({ name, definition, bug, id: bug.id, breaks: bug.breaks })),
);

/** Rows for `it.each`: every invariant of every scenario. */
export const invariantRows: readonly {
  readonly name: string;
  readonly id: string;
  readonly invariant: InvariantDefinition;
  readonly traces: HandTraces;
}[] = catalogue.flatMap(({ name, definition, traces }) =>
  definition.invariants.map((invariant) => ({ name, id: invariant.id, invariant, traces })),
);
