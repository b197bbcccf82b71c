/**
 * What the orchestrator knows of one service, as a value, and how it changes: by requests, by what it does to converge,
 * and by what becomes of the processes. Pure; nothing in here knows hosts or time.
 */
import type { ProcessState, ReplicaService } from "../../ports/orchestrator.ts";
import { isDeclarable } from "./places.ts";

interface Place {
  /** What was done about the process: nothing yet, started once and kept running since, ended for good. */
  readonly phase: "declared" | "kept" | "retired";
  readonly shown: ProcessState;
}

/** One declared service. */
export interface Declaration {
  readonly service: ReplicaService;
  /** Its processes are to be ended for good; it is forgotten when they have been. */
  readonly isRemoved: boolean;
  readonly places: readonly Place[];
}

/** A service that was declared just now, nothing of it started. `at`: ms. */
export function declared(service: ReplicaService, at: number): Declaration {
  const place = (index: number): Place => ({
    phase: "declared",
    shown: { index, state: "waiting", reason: null, ends: 0, since: at },
  });
  return { service, isRemoved: false, places: Array.from({ length: service.processes }, (_, index) => place(index)) };
}

/**
 * What comes of asking for a service: it is `new`, or `there` already. Refused: another size of the same name is a
 * `conflict`; one that is on its way out is `unavailable` until it has gone; what cannot be declared at all is `invalid`.
 */
export function ensuring(
  present: Declaration | undefined,
  wanted: ReplicaService,
): "new" | "there" | "conflict" | "unavailable" | "invalid" {
  if (!isDeclarable(wanted)) return "invalid";
  if (present === undefined) return "new";
  if (present.isRemoved) return "unavailable";
  const { processes, workers } = present.service;
  return processes === wanted.processes && workers === wanted.workers ? "there" : "conflict";
}

/** What is to be done about a process so that it is as declared. */
export function stepOf({ isRemoved, places }: Declaration, index: number): "start" | "retire" | "none" {
  const { phase } = places[index]!;
  if (phase === "declared" && !isRemoved) return "start";
  return phase === "kept" && isRemoved ? "retire" : "none";
}

/** The same after the process was started for the first time, or ended for good. */
export function stepped(declaration: Declaration, index: number, phase: "kept" | "retired"): Declaration {
  return withPlace(declaration, index, (place) => ({ ...place, phase }));
}

/** The same after an incarnation of the process began or ended. `at`: ms. */
export function observed(
  declaration: Declaration,
  index: number,
  what: { readonly began: true } | { readonly ended: string },
  at: number,
): Declaration {
  return withPlace(declaration, index, ({ phase, shown }) => {
    if ("began" in what) return { phase, shown: { ...shown, state: "running", since: at } };
    return { phase, shown: { ...shown, state: "waiting", reason: what.ended, ends: shown.ends + 1, since: at } };
  });
}

/** The same on its way out: what was never started needs no ending. */
export function removed(declaration: Declaration): Declaration {
  const places = declaration.places.map((place): Place =>
    place.phase === "declared" ? { ...place, phase: "retired" } : place,
  );
  return { ...declaration, isRemoved: true, places };
}

/** Whether nothing of it is left. */
export function isGone({ isRemoved, places }: Declaration): boolean {
  return isRemoved && places.every(({ phase }) => phase === "retired");
}

function withPlace(declaration: Declaration, index: number, change: (place: Place) => Place): Declaration {
  return { ...declaration, places: declaration.places.with(index, change(declaration.places[index]!)) };
}
