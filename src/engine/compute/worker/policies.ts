/** Decisions of a replica's processes about what they are told and what they report. */
import type { Frontier, Time } from "../../collection.ts";
import type { Owner } from "../../persist/persist.ts";
import type { ClusterCommand, RenderedObject } from "../protocol.ts";
import { canonicalJson } from "../../../base/json.ts";
import { isBeyond, meet } from "../../collection.ts";

export interface ReplicaPolicies {
  /** Whether an environment may take over after the last one that did. */
  readonly isAccepted: (last: Owner | null, owner: Owner) => boolean;
  /** Whether the commands of a connection may be carried out: all of them at once, or none. */
  readonly mayApply: (isInitialized: boolean) => boolean;
  /** What becomes of a connection's commands when it ends: `reconcile` carries out what was mentioned so far. */
  readonly afterDisconnect: (isInitialized: boolean) => "forget" | "reconcile";
  /** Whether what runs is what is wanted, and may run on. */
  readonly isKept: (running: RenderedObject, wanted: RenderedObject) => boolean;
  /** The frontier that is reported of what is replaced, or dropped (`wanted` undefined); undefined: nothing is said. */
  readonly frontierOfReplaced: (running: RenderedObject, wanted: RenderedObject | undefined) => Frontier | undefined;
  /** What a live command does that is about nothing that runs here: it was dropped, answered or never there. */
  readonly staleCommand: (command: ClusterCommand) => "ignore" | "halt";
  /** The processes that are told a command, of so many. */
  readonly audience: (processes: number) => number;
  /** How far an object has come when its parts have come so far. */
  readonly mergedFrontier: (parts: readonly Frontier[]) => Frontier;
  /** From when on a view's inputs are read, when its shard is written up to `upper`. */
  readonly renderedAsOf: (asOf: Time, upper: Frontier) => Time;
  /** Whether a dataflow may be rendered over inputs with these sinces. */
  readonly mayRender: (asOf: Time, sinces: readonly Frontier[]) => boolean;
  /** Whether a view's changes at a time are in its shard already, which is written up to `upper`. */
  readonly isDurable: (time: Time, upper: Frontier) => boolean;
}

export const replicaPolicies: ReplicaPolicies = {
  isAccepted: (last, owner) => last === null || compareOwners(owner, last) >= 0,
  mayApply: (isInitialized) => isInitialized,
  afterDisconnect: () => "forget",
  isKept: (running, wanted) => description(running) === description(wanted) && firstTime(running) <= firstTime(wanted),
  frontierOfReplaced: () => undefined,
  staleCommand: () => "ignore",
  audience: (processes) => processes,
  mergedFrontier: (parts) => parts.reduce(meet, null),
  renderedAsOf: (asOf, upper) => (upper === null ? asOf : Math.max(asOf, upper - 1)),
  mayRender: (asOf, sinces) => sinces.every((since) => since !== null && since <= asOf),
  isDurable: (time, upper) => isBeyond(upper, time),
};

/** Below 0 when the first is the older, 0 when they are the same. */
export function compareOwners(a: Owner, b: Owner): number {
  return a.generation === b.generation ? a.epoch - b.epoch : a.generation - b.generation;
}

/** All of an object but the time from which on it is wanted. */
function description(object: RenderedObject): string {
  return canonicalJson(object.kind === "ingestion" ? object : { ...object, asOf: 0 });
}

function firstTime(object: RenderedObject): Time {
  return object.kind === "ingestion" ? 0 : object.asOf;
}
