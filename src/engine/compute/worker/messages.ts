/** What the processes of a replica say to each other over the mesh. Plain data; one message carries all of one step. */
import type { ErrorValue, Frontier, Time } from "../../collection.ts";
import type { Owner } from "../../persist/persist.ts";
import type { Change } from "../../dataflow/multiset.ts";
import type { Parcel } from "../../dataflow/share.ts";
import type { HealthUpdate, Peek, RenderedObject } from "../protocol.ts";

/** What process 0 tells all, itself included, in one order. Numbers are never used again within a mesh. */
export type Directive =
  | { readonly kind: "owner"; readonly owner: Owner }
  | { readonly kind: "create"; readonly number: number; readonly object: RenderedObject }
  /** A view that was created is to be read from here on. */
  | { readonly kind: "begin"; readonly number: number; readonly asOf: Time }
  | { readonly kind: "peek"; readonly number: number; readonly peek: Peek }
  | { readonly kind: "drop"; readonly number: number };

/** What a process tells process 0 of what runs under a number. */
export type Report =
  | { readonly kind: "frontier"; readonly number: number; readonly upper: Frontier }
  | { readonly kind: "status"; readonly number: number; readonly update: HealthUpdate }
  /** Its inputs were compacted beyond where it reads: it must begin anew, later. */
  | { readonly kind: "behind"; readonly number: number }
  | { readonly kind: "peek-part"; readonly number: number; readonly part: PeekPart };

/** A process's part of a peek's result, or why there is none. */
export type PeekPart = { readonly changes: readonly Change[] } | { readonly failure: ErrorValue };

export interface MeshMessage {
  readonly directives: readonly Directive[];
  readonly parcels: readonly (readonly [number: number, parcel: Parcel])[];
  readonly reports: readonly Report[];
}
