/**
 * What a replica has to do to run what a controller wants, as a pure function: what is the same runs on, what differs is
 * replaced, what nobody mentioned goes.
 */
import type { RenderedObject } from "../../protocol.ts";
import type { ReplicaPolicies } from "../policies.ts";

/** An object that runs. `number` tells apart all that ever ran in this mesh; it grows. */
export interface Installed {
  readonly number: number;
  readonly object: RenderedObject;
}

export interface Reconciliation {
  readonly keep: readonly Installed[];
  readonly create: readonly RenderedObject[];
  /** With what takes its place, if anything does. */
  readonly drop: readonly { readonly running: Installed; readonly wanted: RenderedObject | undefined }[];
}

/** Compares what runs with all that is wanted; ids are unique in either. Order is that of the arguments. */
export function reconcile(
  running: readonly Installed[],
  wanted: readonly RenderedObject[],
  policies: ReplicaPolicies,
): Reconciliation {
  const wantedById = new Map(wanted.map((object) => [object.id, object]));
  const keep: Installed[] = [];
  const drop: { running: Installed; wanted: RenderedObject | undefined }[] = [];
  for (const installed of running) {
    const object = wantedById.get(installed.object.id);
    if (object !== undefined && policies.isKept(installed.object, object)) keep.push(installed);
    else drop.push({ running: installed, wanted: object });
  }
  const kept = new Set(keep.map(({ object }) => object.id));
  return { keep, create: wanted.filter(({ id }) => !kept.has(id)), drop };
}
