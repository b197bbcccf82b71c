/** `defineScenario`: what a simulation is set up with, checked and with its defaults filled in when it is made. */
import type { Arbitrary } from "fast-check";
import type { Duration, Micros } from "../base/time.ts";
import type { BodyContext } from "../runner/body.ts";
import type { BugDefinition, FaultUse, InvariantDefinition, SimDefinition } from "../runner/definition.ts";
import type { FaultFactory } from "../faults/define-fault.ts";
import { UsageError } from "../base/errors.ts";
import { unknownName } from "../base/nearest.ts";
import { micros, parseDuration } from "../base/time.ts";

/** Marks the values that `defineScenario` makes, across copies of the package. */
export const scenarioBrand = Symbol.for("wavetank.scenario");

export interface Scenario {
  readonly [scenarioBrand]: true;
  readonly definition: SimDefinition;
}

type Count = number | { readonly min: number; readonly max: number };

export interface SimulationOptions<Policies extends object = object> {
  readonly doc?: string;
  /** Ops and faults fall into this time; default 30 s. */
  readonly duration?: Duration | Micros;
  /** The workload: what each op takes. Values must be JSON. */
  readonly ops?: { readonly [op: string]: Arbitrary<any> };
  /** Number of ops a plan draws; default 10 to 60. */
  readonly opsCount?: Count;
  /** Closed-loop sessions the ops are spread over; default 1. */
  readonly sessions?: number;
  /** Values drawn once per seed. */
  readonly knobs?: { readonly [knob: string]: Arbitrary<any> };
  readonly faults?: readonly FaultUse[];
  /** Number of faults a plan draws; default 0 to 12. */
  readonly faultsCount?: Count;
  readonly invariants?: readonly InvariantDefinition<any>[];
  /** Properties that some run of a suite must reach: by `sometimes(…)`, or an observation of that kind. */
  readonly sometimes?: readonly string[] | { readonly [property: string]: string };
  /** Decisions of the code under test that bugs may replace. */
  readonly policies?: Policies;
  readonly bugs?: readonly BugDefinition[];
  /** Codes or names of errors that may end a process without that being a finding. */
  readonly tolerate?: readonly string[];
  /** Limits of one run: events (default 2,000,000), events at one moment (default 100,000), virtual time (default duration + 10 min). */
  readonly budget?: { readonly events?: number; readonly burst?: number; readonly virtual?: Duration | Micros };
}

export type Body<Policies extends object = object> = (
  context: Omit<BodyContext, "policies"> & { readonly policies: Policies },
) => Promise<void>;

const optionNames = [
  "doc",
  "duration",
  "ops",
  "opsCount",
  "sessions",
  "knobs",
  "faults",
  "faultsCount",
  "invariants",
  "sometimes",
  "policies",
  "bugs",
  "tolerate",
  "budget",
];

/** A scenario of a suite: one file, one value. Its name is the file's unless given. */
export function defineScenario<Policies extends object = object>(
  options: SimulationOptions<Policies> & {
    readonly name?: string;
    readonly doc: string;
    readonly body: Body<Policies>;
  },
): Scenario {
  const { name = "", body, ...rest } = options;
  return Object.freeze({ [scenarioBrand]: true as const, definition: toDefinition(name, rest, body) });
}

/** Checks options and fills in defaults. Throws `UsageError` that names the option and what is allowed. */
export function toDefinition<Policies extends object>(
  name: string,
  options: SimulationOptions<Policies>,
  body: Body<Policies>,
): SimDefinition {
  const where = name === "" ? "scenario" : `scenario "${name}"`;
  for (const key of Object.keys(options)) {
    if (!optionNames.includes(key)) throw new UsageError(`${where}: ${unknownName("option", key, optionNames)}`);
  }
  if (typeof body !== "function") throw new UsageError(`${where}: the body must be a function, not ${typeof body}`);
  const duration = durationOf(where, "duration", options.duration ?? "30s");
  const bugs = options.bugs ?? [];
  const invariants = (options.invariants ?? []) as readonly InvariantDefinition[];
  unique(
    where,
    "invariant",
    invariants.map((each) => each.id),
  );
  unique(
    where,
    "fault",
    (options.faults ?? []).map((use) => faultUse(where, use).fault.id),
  );
  unique(
    where,
    "bug",
    bugs.map((each) => each.id),
  );
  for (const bug of bugs) checkBug(where, bug, options.policies ?? {}, invariants);
  const sometimes = options.sometimes ?? [];
  return Object.freeze({
    name,
    doc: options.doc ?? "",
    duration,
    ops: options.ops ?? {},
    opsCount: count(where, "opsCount", options.opsCount ?? { min: 10, max: 60 }),
    sessions: count(where, "sessions", options.sessions ?? 1).max,
    knobs: options.knobs ?? {},
    faults: options.faults ?? [],
    faultsCount: count(where, "faultsCount", options.faultsCount ?? { min: 0, max: 12 }),
    invariants,
    sometimes: isList(sometimes) ? Object.fromEntries(sometimes.map((property) => [property, property])) : sometimes,
    policies: { ...options.policies },
    bugs,
    tolerate: options.tolerate ?? [],
    budget: {
      events: options.budget?.events ?? 2_000_000,
      burst: options.budget?.burst ?? 100_000,
      virtual: durationOf(where, "budget.virtual", options.budget?.virtual ?? micros(duration + 600_000_000)),
    },
    body: body as SimDefinition["body"],
  });
}

/** Rules of the tank itself that a bug may break. */
const tankRules: readonly string[] = ["stuck", "panic"];

function checkBug(
  where: string,
  bug: BugDefinition,
  policies: object,
  invariants: readonly InvariantDefinition[],
): void {
  for (const policy of Object.keys(bug.policies)) {
    if (!Object.hasOwn(policies, policy)) {
      throw new UsageError(`${where}, bug ${bug.id}: ${unknownName("policy", policy, Object.keys(policies))}`);
    }
  }
  const ids = [...invariants.map((each) => each.id), ...tankRules];
  if (!ids.includes(bug.breaks)) {
    throw new UsageError(`${where}, bug ${bug.id}: ${unknownName("invariant", bug.breaks, ids)}`);
  }
}

function faultUse(where: string, use: FaultUse | FaultFactory<any>): FaultUse {
  if (typeof use === "function") {
    throw new UsageError(
      `${where}: write ${use.fault.id} as a call, "${use.fault.id.replace(/.*\./, "")}()", in faults`,
    );
  }
  return use;
}

function isList(value: unknown): value is readonly string[] {
  return Array.isArray(value);
}

function durationOf(where: string, name: string, value: Duration | Micros): Micros {
  try {
    return parseDuration(value);
  } catch (error) {
    throw new UsageError(`${where}, ${name}: ${(error as Error).message}`, { cause: error });
  }
}

function count(where: string, name: string, value: Count): { readonly min: number; readonly max: number } {
  const range = typeof value === "number" ? { min: value, max: value } : value;
  if (!Number.isSafeInteger(range.min) || !Number.isSafeInteger(range.max) || range.min < 0 || range.max < range.min) {
    throw new UsageError(
      `${where}, ${name}: ${JSON.stringify(value)} is no whole number from 0 and no {min, max} of such`,
    );
  }
  return range;
}

function unique(where: string, kind: string, ids: readonly string[]): void {
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new UsageError(`${where}: ${kind} "${twice}" is listed twice`);
}
