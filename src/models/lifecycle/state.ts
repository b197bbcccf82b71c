/** A connector between the replica that runs it and the environment that keeps its history. Plain JSON. */
import type { Lifecycle, LifecycleEvent } from "../../engine/connectors/lifecycle.ts";
import type { Part } from "./parts.ts";
import type { Report } from "./status-table.ts";

/** What is explored: the lifecycle itself, and who may speak for a connector. */
export interface LifecycleCore {
  readonly next: (state: Lifecycle, event: LifecycleEvent) => readonly [Lifecycle, isReported: boolean];
  /** Whether what one incarnation reports says something about another. */
  readonly isCurrent: (reported: number, present: number) => boolean;
}

/** What is wrong, by the rule that it breaks. */
export interface Problem {
  readonly property: "S-CONN-2" | "S-CONN-3";
  readonly message: string;
}

export interface State {
  /** The incarnation that the catalog has; null behind a drop. */
  readonly item: number | null;
  /** What the replica runs. */
  readonly life: { readonly incarnation: number; readonly lifecycle: Lifecycle } | null;
  /** What the connector is made of, wherever it runs. */
  readonly parts: readonly Part[];
  /** Reports on their way to the environment. */
  readonly link: readonly Report[];
  readonly isUp: boolean;
  /** The last durable row. */
  readonly row: Report | null;
  /** Rows that the environment has taken and not written yet. */
  readonly waiting: readonly Report[];
  readonly problem: Problem | null;
}
