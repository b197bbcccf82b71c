/**
 * A simulation as the runner sees it: what a plan is drawn from, what the run executes and what judges it. `simulate`,
 * `simTest` and `defineScenario` all come down to this; it knows no system under test.
 */
import type { Arbitrary } from "fast-check";
import type { Json, JsonObject } from "../base/json.ts";
import type { Micros } from "../base/time.ts";
import type { FaultWorld, Heal } from "../ports/controls.ts";
import type { Observation } from "../ports/events.ts";
import type { BodyContext } from "./body.ts";

/** A fault family: one registry entry, or a value of the user's own. */
export interface FaultDefinition<P extends JsonObject = JsonObject> {
  /** `area.effect`: `disk.slow`. */
  readonly id: string;
  readonly doc: string;
  /** Kind of the observation that proves that the fault took effect. */
  readonly witness: string;
  /** False when the world cannot be whole again after it; such a fault is never drawn after the heal time. */
  readonly recoverable: boolean;
  readonly params: { readonly [K in keyof P]: Arbitrary<P[K]> };
  /** Longest and shortest time from injection to heal that a plan draws. */
  readonly lasts: { readonly min: Micros; readonly max: Micros };
  readonly inject: (world: FaultWorld, params: P) => Heal | void;
}

/** A fault as a scenario uses it: parameters narrowed, number bounded. */
export interface FaultUse {
  readonly fault: FaultDefinition;
  readonly params: { readonly [name: string]: Arbitrary<Json> };
  /** At most so many injections a plan. */
  readonly max: number;
}

/** What an invariant says when it is broken. */
export interface Breach {
  /** What it is about: a key, a shard, a role. Part of the signature; never a value or a time. */
  readonly subject?: string;
  readonly message?: string;
  readonly expected?: Json | undefined;
  readonly observed?: Json | undefined;
}

/** A rule over the observations of a run; state is made anew for every run. */
export interface InvariantDefinition<S = unknown> {
  readonly id: string;
  readonly doc: string;
  readonly state: () => S;
  /** By kind of observation; returning a breach ends the run. */
  readonly on: {
    readonly [kind: string]: (state: S, data: never, seen: Observation) => Breach | undefined | void;
  };
  /** Judged when the body has ended. */
  readonly atEnd?: ((state: S) => Breach | undefined | void) | undefined;
}

/** A historical or made-up bug: other policies for the same code. */
export interface BugDefinition {
  readonly id: string;
  readonly title: string;
  /** Where it comes from: an issue, a paper, a section. */
  readonly source: string;
  /** Id of the invariant that must catch it. */
  readonly breaks: string;
  /** Laid over the scenario's policies. */
  readonly policies: { readonly [name: string]: unknown };
}

export interface SimDefinition {
  readonly name: string;
  readonly doc: string;
  /** Absolute path of the file that defines it, where it is known; a fresh worker loads it again from there. */
  readonly file?: string | undefined;
  /** Ops and faults fall into [0, duration). Faults still active then are healed. */
  readonly duration: Micros;
  readonly ops: { readonly [op: string]: Arbitrary<Json> };
  /** Number of ops a plan draws. */
  readonly opsCount: { readonly min: number; readonly max: number };
  /** Closed-loop sessions that the ops are spread over. */
  readonly sessions: number;
  readonly knobs: { readonly [knob: string]: Arbitrary<Json> };
  readonly faults: readonly FaultUse[];
  /** Number of fault items a plan draws. */
  readonly faultsCount: { readonly min: number; readonly max: number };
  readonly invariants: readonly InvariantDefinition[];
  /** Properties that some run of a suite must reach, with their docs. */
  readonly sometimes: { readonly [property: string]: string };
  readonly policies: { readonly [name: string]: unknown };
  readonly bugs: readonly BugDefinition[];
  /** Reasons (an error's name or code) of panics that are part of the design, not a finding. */
  readonly tolerate: readonly string[];
  /** More events than this is `out-of-budget`; more than `burst` events without virtual time passing is `stuck`. */
  readonly budget: { readonly events: number; readonly burst: number; readonly virtual: Micros };
  readonly body: (context: BodyContext) => Promise<void>;
}
