/**
 * Steering: narrower versions of a simulation, for `--only`, `--without` and `--set`. Each is a definition as good as the
 * one it was made from; what is left is drawn as before (`generate.ts`).
 */
import type { Json } from "../../base/json.ts";
import type { FaultUse, SimDefinition } from "../definition.ts";
import { constant } from "fast-check";
import { UsageError } from "../../base/errors.ts";
import { unknownName } from "../../base/nearest.ts";
import { problemText, valueProblem } from "./json.ts";

/**
 * A simulation with only the faults named, by id (`disk.slow`) or by area (`disk`). Throws `UsageError` for a name that
 * fits no fault in `known`: for a suite of several scenarios, the ids of them all.
 */
export function onlyFaults(
  definition: SimDefinition,
  names: readonly string[],
  known: readonly string[] = faultIds(definition),
): SimDefinition {
  checkNames(definition, names, known);
  return { ...definition, faults: definition.faults.filter((use) => isNamed(use, names)) };
}

/** A simulation without the faults named; otherwise as `onlyFaults`. */
export function withoutFaults(
  definition: SimDefinition,
  names: readonly string[],
  known: readonly string[] = faultIds(definition),
): SimDefinition {
  checkNames(definition, names, known);
  return { ...definition, faults: definition.faults.filter((use) => !isNamed(use, names)) };
}

/**
 * A simulation with knobs held at values: each assignment is `knob=value`, the value JSON or, where it is none, a bare
 * text. The last of several for one knob counts. Throws `UsageError` for a knob that is not in `known`; one that is only
 * in another scenario's is passed over.
 */
export function setKnobs(
  definition: SimDefinition,
  assignments: readonly string[],
  known: readonly string[] = Object.keys(definition.knobs),
): SimDefinition {
  const knobs = { ...definition.knobs };
  for (const assignment of assignments) {
    const split = assignment.indexOf("=");
    if (split < 1) throw new UsageError(`"${assignment}" sets no knob: write knob=value, like "replicas=2"`);
    const knob = assignment.slice(0, split);
    const value = knobValue(knob, assignment.slice(split + 1));
    if (Object.hasOwn(knobs, knob)) knobs[knob] = constant(value);
    else if (!known.includes(knob)) {
      throw new UsageError(`scenario ${definition.name}: ${unknownName("knob", knob, known)}`);
    }
  }
  return { ...definition, knobs };
}

function faultIds(definition: SimDefinition): string[] {
  return definition.faults.map((use) => use.fault.id);
}

function isNamed(use: FaultUse, names: readonly string[]): boolean {
  return names.some((name) => fits(use.fault.id, name));
}

function fits(id: string, name: string): boolean {
  return id === name || id.startsWith(`${name}.`);
}

function checkNames(definition: SimDefinition, names: readonly string[], known: readonly string[]): void {
  for (const name of names) {
    if (known.some((id) => fits(id, name))) continue;
    const areas = [...new Set(known.map((id) => id.split(".")[0]!))];
    throw new UsageError(`scenario ${definition.name}: ${unknownName("fault", name, [...areas, ...known])}`);
  }
}

function knobValue(knob: string, text: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // No JSON, so a bare text: `--set mode=strict` needs no quotes within quotes.
    if (!(error instanceof SyntaxError)) throw error;
    value = text;
  }
  const problem = valueProblem(value);
  if (problem !== undefined) throw new UsageError(`knob ${knob}: ${problemText("$", problem)}`);
  return value as Json;
}
