/** What holds of a connector in every state: what one step of its core may make of its status, and what is said of it. */
import type { HealthStatus } from "../../engine/compute/protocol.ts";
import type { LifecycleEvent } from "../../engine/connectors/lifecycle.ts";
import type { Property } from "../../explore/model.ts";
import type { Problem, State } from "./state.ts";
import { isInVain, isOutage, type Part } from "./parts.ts";

/** What a life may become from what; it begins with `starting`. */
const edges: { readonly [status in HealthStatus]: readonly HealthStatus[] } = {
  starting: ["running", "stalled", "failed"],
  running: ["degraded", "stalled", "failed"],
  degraded: ["running", "stalled", "failed"],
  stalled: ["running", "failed"],
  failed: [],
  dropped: [],
};

/** What is wrong with a step from one status to the next. `parts` are as the event left them. */
export function problemOf(
  from: HealthStatus | null,
  event: LifecycleEvent,
  to: HealthStatus,
  parts: readonly Part[],
): Problem | null {
  const about = event.kind === "troubled" ? parts.find(({ name }) => name === event.part)! : null;
  const isOver = about !== null && isOutage(about);
  if (from === to) {
    if (to !== "running" || !isOver) return null;
    return {
      property: "S-CONN-3",
      message: `${about.name} has tried in vain for too long, and it is shown as running`,
    };
  }
  const may = from === null ? ["starting"] : edges[from];
  if (from === "failed") return { property: "S-CONN-2", message: `a connector that had failed for good became ${to}` };
  if (!may.includes(to)) return { property: "S-CONN-2", message: `a connector became ${to} from ${from ?? "nothing"}` };
  if (to === "degraded" && !isOver) return { property: "S-CONN-3", message: "a connector is degraded, by no outage" };
  const owing = to === "running" ? parts.find(isInVain) : undefined;
  if (owing === undefined) return null;
  return { property: "S-CONN-3", message: `a connector became running, and ${owing.name} does not get through` };
}

/** The rules by their ids; the first problem of a story is kept in its state. */
export const lifecycleProperties: readonly Property<State>[] = [
  {
    id: "S-CONN-2",
    doc: "The history of a connector is a path of its lifecycle, and nothing comes behind its end.",
    problem: ({ problem }) => (problem?.property === "S-CONN-2" ? problem.message : null),
  },
  {
    id: "S-CONN-3",
    doc: "An outage shows, what shows as one is one, and a connector becomes running only when each part gets through.",
    problem: ({ problem }) => (problem?.property === "S-CONN-3" ? problem.message : null),
  },
];
