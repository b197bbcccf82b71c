/** Everything that a rule may listen to, and the moments of a run that are no event of any process. */
import type { EngineEvents } from "../../ports/engine-events.ts";
import type { MachineEvents } from "../../ports/events.ts";
import type { ServiceEvents } from "../../ports/service-events.ts";

/** Observations of the run itself. */
export interface RunEvents {
  "fault.injected": { readonly fault: string };
  "fault.healed": { readonly fault: string };
  /** Every fault is healed, and none comes any more. */
  "faults.over": object;
}

/** Kinds of observation and their data. */
export type Observed = EngineEvents & MachineEvents & ServiceEvents & RunEvents;

/** Whether a host is one that runs an environment. */
export function isEnvironment(host: string): boolean {
  return host.startsWith("env-");
}
