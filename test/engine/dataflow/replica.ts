/** All shares of one dataflow in memory: parcels between two processes stay in order, all else comes as it is told. */
import type { Entry, Frontier, Time, Update } from "../../../src/engine/collection.ts";
import type { Parcel } from "../../../src/engine/dataflow/share.ts";
import type { Plan } from "../../../src/engine/sql/plan.ts";
import { render } from "../../../src/engine/dataflow/layout.ts";
import { dataflowPolicies, type DataflowPolicies } from "../../../src/engine/dataflow/policies.ts";
import { Share } from "../../../src/engine/dataflow/share.ts";
import { evaluate } from "./naive.ts";

export interface ReplicaShape {
  readonly processes: number;
  readonly workersPerProcess: number;
  /** Worker that gets the whole result; null: it stays where it comes up. */
  readonly writer: number | null;
  readonly policies?: Partial<DataflowPolicies>;
}

export class MemoryReplica {
  /** What came out, in order, and by process how far it is. */
  readonly result: Update<Entry>[] = [];
  readonly frontiers: Frontier[];
  /** How much came out, by process. */
  readonly results: number[];
  /** Result updates that came after their process had said that none would. */
  late = 0;
  readonly #shares: readonly Share[];
  readonly #ways = new Map<string, { readonly from: number; readonly to: number; readonly parcels: Parcel[] }>();

  constructor(plan: Plan, asOf: Time, { processes, workersPerProcess, writer, policies = {} }: ReplicaShape) {
    const layout = render(plan, writer);
    this.results = Array.from({ length: processes }, () => 0);
    this.frontiers = Array.from({ length: processes }, () => asOf);
    this.#shares = Array.from(
      { length: processes },
      (_, process) =>
        new Share(layout, {
          process,
          processes,
          workersPerProcess,
          asOf,
          evaluate,
          policies: { ...dataflowPolicies, ...policies },
        }),
    );
    for (let process = 0; process < processes; process++) this.#step(process);
  }

  feed(process: number, source: string, updates: readonly Update<Entry>[], frontier: Frontier): void {
    this.#shares[process]!.feed(source, updates, frontier);
    this.#step(process);
  }

  /** Delivers one parcel on the way that the number falls on; false when all have arrived. */
  deliver(pick: number): boolean {
    const ways = [...this.#ways.values()].filter(({ parcels }) => parcels.length > 0);
    if (ways.length === 0) return false;
    const { from, to, parcels } = ways[pick % ways.length]!;
    this.#shares[to]!.receive(from, JSON.parse(JSON.stringify(parcels.shift()!)) as Parcel);
    this.#step(to);
    return true;
  }

  /** How far the result as a whole is. */
  get frontier(): Frontier {
    return this.frontiers.reduce((a, b) => (a === null ? b : b === null ? a : Math.min(a, b)), null);
  }

  #step(process: number): void {
    const { parcels, result, frontier } = this.#shares[process]!.step();
    for (const [to, parcel] of parcels) {
      const key = `${process} ${to}`;
      if (!this.#ways.has(key)) this.#ways.set(key, { from: process, to, parcels: [] });
      this.#ways.get(key)!.parcels.push(parcel);
    }
    const before = this.frontiers[process]!;
    this.late += result.filter(([, time]) => before === null || time < before).length;
    this.result.push(...result);
    this.results[process]! += result.length;
    this.frontiers[process] = frontier;
  }
}
