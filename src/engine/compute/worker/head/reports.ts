/**
 * What process 0 knows of all that runs, from the reports of all processes: how far objects are, how connectors fare, and
 * parts of peeks. Reports of what does not run any more are ignored: they were under way when it was dropped.
 */
import type { Frontier } from "../../../collection.ts";
import type { Change } from "../../../dataflow/multiset.ts";
import type { ClusterResponse, PeekOutcome } from "../../protocol.ts";
import type { PeekPart, Report } from "../messages.ts";
import type { ReplicaPolicies } from "../policies.ts";
import type { Installed } from "./reconciliation.ts";
import { outcomeOf } from "../../../dataflow/outcome.ts";

interface Known {
  readonly installed: Installed;
  /** By process: those that report on it. */
  readonly parts: Map<number, Frontier>;
  upper: Frontier;
  status: Extract<ClusterResponse, { kind: "status" }> | null;
}

interface Gathering {
  readonly missing: Set<number>;
  readonly changes: Change[];
}

export class Reports {
  readonly #policies: ReplicaPolicies;
  readonly #known = new Map<number, Known>();
  readonly #peeks = new Map<number, Gathering>();

  constructor(policies: ReplicaPolicies) {
    this.#policies = policies;
  }

  /** Expects reports on an object from these processes. */
  expect(installed: Installed, processes: readonly number[]): void {
    const parts = new Map<number, Frontier>(processes.map((process) => [process, 0]));
    this.#known.set(installed.number, { installed, parts, upper: 0, status: null });
  }

  /** Expects a part of a peek's result from each of so many processes. */
  expectPeek(number: number, processes: number): void {
    this.#peeks.set(number, { missing: new Set(Array.from({ length: processes }).keys()), changes: [] });
  }

  forget(number: number): void {
    this.#known.delete(number);
    this.#peeks.delete(number);
  }

  /** What the controller is to be told now that a process said this; undefined when it is no news. */
  heard(
    process: number,
    report: Extract<Report, { kind: "frontier" | "status" }>,
  ): Extract<ClusterResponse, { kind: "frontier" | "status" }> | undefined {
    const known = this.#known.get(report.number);
    if (known === undefined) return undefined;
    if (report.kind === "status") {
      known.status = { kind: "status", update: report.update };
      return known.status;
    }
    if (!known.parts.has(process)) return undefined;
    known.parts.set(process, report.upper);
    const upper = this.#policies.mergedFrontier([...known.parts.values()]);
    if (upper === known.upper) return undefined;
    known.upper = upper;
    return frontierOf(known);
  }

  /** The outcome of a peek once all parts are there, or one has failed. */
  gathered(process: number, number: number, part: PeekPart): PeekOutcome | undefined {
    const gathering = this.#peeks.get(number);
    if (gathering === undefined) return undefined;
    if ("failure" in part) {
      this.#peeks.delete(number);
      return { ok: false, errors: [part.failure] };
    }
    gathering.changes.push(...part.changes);
    gathering.missing.delete(process);
    if (gathering.missing.size > 0) return undefined;
    this.#peeks.delete(number);
    return outcomeOf(gathering.changes);
  }

  /** All that a new controller is to be told of these objects, whatever the last one was told. */
  resent(installed: readonly Installed[]): readonly Extract<ClusterResponse, { kind: "frontier" | "status" }>[] {
    return installed.flatMap(({ number }) => {
      const known = this.#known.get(number);
      if (known === undefined) return [];
      return [...(known.upper === 0 ? [] : [frontierOf(known)]), ...(known.status === null ? [] : [known.status])];
    });
  }
}

function frontierOf({ installed, upper }: Known): Extract<ClusterResponse, { kind: "frontier" }> {
  const { id, incarnation } = installed.object;
  return { kind: "frontier", id, incarnation, upper };
}
