/** What checkers see: observations, emitted by the machine room and by the code under test, in their order. */
import type { Json } from "../base/json.ts";
import type { Micros } from "../base/time.ts";

export interface Observation {
  /** Event number in the run. */
  readonly event: number;
  readonly at: Micros;
  /** `name#incarnation` of the process that made it, or "" for the tank. */
  readonly process: string;
  readonly kind: string;
  readonly data: Json;
}

/** Observations of the machine room itself. `host` is where it happened; for messages `from` and `to`. */
export interface MachineEvents {
  "process.started": { readonly host: string; readonly process: string };
  "process.exited": {
    readonly host: string;
    readonly process: string;
    readonly exit: string;
    readonly reason: string;
  };
  "process.crashed": { readonly host: string; readonly process: string };
  "process.delayed": { readonly host: string; readonly process: string };
  "process.lingered": { readonly host: string; readonly process: string };
  "process.stopped": { readonly host: string; readonly process: string };
  "cpu.slowed": { readonly host: string; readonly process: string };
  "clock.skewed": { readonly host: string };
  "net.blocked": { readonly from: string; readonly to: string };
  "net.delayed": { readonly from: string; readonly to: string };
  "net.clogged": { readonly from: string; readonly to: string };
  "net.reset": { readonly from: string; readonly to: string };
  "net.timed-out": { readonly from: string; readonly to: string };
  "net.half-open": { readonly from: string; readonly to: string };
  "net.refused": { readonly from: string; readonly to: string };
  "net.phantom-accepted": { readonly from: string; readonly to: string };
  "net.address-in-use": { readonly host: string };
  "disk.write-delayed": { readonly host: string };
  "disk.full": { readonly host: string };
  "disk.failed": { readonly host: string };
  "disk.write-lost": { readonly host: string };
  "disk.write-torn": { readonly host: string };
}

export type MachineEventKind = keyof MachineEvents;
