/**
 * The core's transitions by name: in which status, what happens, and what comes of it. The list is every one that can
 * happen; `rendered` begins each life and is in no other place, since what is rendered anew begins a life of its own.
 */
import type { Lifecycle, LifecycleEvent } from "../../engine/connectors/lifecycle.ts";

/** The name of one step of a core. `isOutage`: whether the attempt that it is about shows. */
export function transitionName(
  before: Lifecycle,
  event: LifecycleEvent,
  isOutage: boolean,
  after: Lifecycle,
  isReported: boolean,
): string {
  const outcome = `${after.status}${isReported ? ", reported" : ""}`;
  return `${before.status ?? "new"}: ${happening(before, event, isOutage)} → ${outcome}`;
}

function happening({ status, vain }: Lifecycle, event: LifecycleEvent, isOutage: boolean): string {
  // What has failed for good makes no difference between them.
  if (status === "failed") return event.kind;
  switch (event.kind) {
    case "succeeded":
      return vain.length > 0 ? "succeeded while a part is in vain" : "succeeded";
    case "troubled":
      if (isOutage) return "troubled for too long";
      return vain.some(({ part }) => part === event.part) ? "troubled again" : "troubled";
    case "answered":
      if (!vain.some(({ part }) => part === event.part)) return "answered without trouble";
      return vain.length > 1 ? "answered, the other is in vain" : "answered, nothing is in vain";
    default:
      return event.kind;
  }
}

/** What changes nothing in the status, wherever a connector is live. */
const quiet = (status: string): readonly string[] => [
  `${status}: answered without trouble → ${status}`,
  `${status}: answered, the other is in vain → ${status}`,
  `${status}: troubled again → ${status}`,
  `${status}: troubled → ${status}`,
];

/** The same where nothing becomes degraded. */
const begun = (status: string): readonly string[] => [
  ...quiet(status),
  `${status}: answered, nothing is in vain → ${status}`,
  `${status}: succeeded while a part is in vain → ${status}`,
  `${status}: succeeded → running, reported`,
  `${status}: troubled for too long → ${status}`,
];

const ends = (status: string): readonly string[] => [
  `${status}: failed → failed, reported`,
  `${status}: stalled → stalled, reported`,
];

/** Every name, of a core in force. */
export const lifecycleTransitions: readonly string[] = [
  "new: rendered → starting, reported",
  ...["starting", "stalled"].flatMap((status) => [...begun(status), ...ends(status)]),
  ...quiet("running"),
  "running: answered, nothing is in vain → running",
  "running: succeeded while a part is in vain → running",
  "running: succeeded → running",
  "running: troubled for too long → degraded, reported",
  ...ends("running"),
  ...quiet("degraded"),
  "degraded: answered, nothing is in vain → running, reported",
  "degraded: succeeded while a part is in vain → degraded",
  "degraded: troubled for too long → degraded",
  ...ends("degraded"),
  ...["answered", "failed", "stalled", "succeeded", "troubled"].map((kind) => `failed: ${kind} → failed`),
];
