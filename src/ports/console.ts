import type { Micros } from "../base/time.ts";

/** One line that a process printed during a run. */
export interface ConsoleLine {
  readonly at: Micros;
  /** `name#incarnation`. */
  readonly process: string;
  readonly level: "debug" | "log" | "info" | "warn" | "error";
  readonly text: string;
}
