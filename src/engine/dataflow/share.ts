/**
 * One process's share of a dataflow: its workers' stages, and its ends of the exchanges. What leaves for other processes
 * of the replica is gathered in one parcel each: rows, then how far the edges have come. Parcels between two processes
 * must arrive in order; nothing else is asked of what carries them.
 */
import type { Entry, Frontier, Time, Update } from "../collection.ts";
import type { Layout, OutputLayout } from "./layout.ts";
import type { Evaluate } from "./operators/operator.ts";
import type { DataflowPolicies } from "./policies.ts";
import { isError } from "../collection.ts";
import { datumsKey, entryKey } from "./multiset.ts";
import { Stage } from "./stage.ts";

/** What one process has for another: JSON-like. */
export interface Parcel {
  /** Rows for a worker of the receiver, counted within its process. */
  readonly rows: readonly (readonly [edge: number, worker: number, updates: readonly Update<Entry>[]])[];
  readonly frontiers: readonly (readonly [edge: number, frontier: Frontier])[];
}

/** Where a process stands among those of a replica. */
export interface Place {
  readonly process: number;
  readonly processes: number;
  readonly workersPerProcess: number;
}

export interface ShareOptions extends Place {
  /** First time of the dataflow: inputs are known as of it. */
  readonly asOf: Time;
  readonly evaluate: Evaluate;
  readonly policies: DataflowPolicies;
}

export interface ShareStep {
  /** By receiver. */
  readonly parcels: ReadonlyMap<number, Parcel>;
  /** What is new of the part of the result that is in this process, in order of time within each worker. */
  readonly result: readonly Update<Entry>[];
  /** How far that part has come. For a process that has none: the first time, for ever. */
  readonly frontier: Frontier;
}

interface Edge {
  /** How far each sender has come. The workers of a process have always come equally far. */
  readonly processes: Frontier[];
  /** Stage and input that it leads to. */
  stage: number;
  input: number;
}

interface Draft {
  readonly rows: Map<string, [number, number, Update<Entry>[]]>;
  readonly frontiers: [number, Frontier][];
}

export class Share {
  readonly #layout: Layout;
  readonly #options: ShareOptions;
  /** By stage, then by worker of this process. */
  readonly #stages: readonly (readonly Stage[])[];
  readonly #edges: readonly Edge[];
  /** By source: the stages and inputs that read it. */
  readonly #readers = new Map<string, (readonly [stage: number, input: number])[]>();
  #drafts = new Map<number, Draft>();

  constructor(layout: Layout, options: ShareOptions) {
    const { process, processes, workersPerProcess, asOf, evaluate, policies } = options;
    this.#layout = layout;
    this.#options = options;
    const locals = Array.from({ length: workersPerProcess }, (_, local) => process * workersPerProcess + local);
    const workers = processes * workersPerProcess;
    this.#stages = layout.stages.map(({ inputs, build }) =>
      locals.map((worker) => new Stage(build({ evaluate, policies, worker, workers }), inputs.length, asOf, policies)),
    );
    this.#edges = Array.from({ length: layout.edges }, () => ({
      processes: Array.from({ length: processes }, () => asOf),
      stage: 0,
      input: 0,
    }));
    for (const [stage, { inputs }] of layout.stages.entries()) {
      for (const [input, from] of inputs.entries()) {
        if (from.kind === "exchange") Object.assign(this.#edges[from.edge]!, { stage, input });
        else this.#readers.set(from.id, [...(this.#readers.get(from.id) ?? []), [stage, input]]);
      }
    }
  }

  /**
   * All changes of a source up to `frontier`, which every process is fed with: each worker takes those that belong to it,
   * so that every row enters once.
   */
  feed(source: string, updates: readonly Update<Entry>[], frontier: Frontier): void {
    const readers = this.#readers.get(source) ?? [];
    for (const update of updates) {
      const local = this.#local(this.#route(entryKey(update[0])));
      if (local === undefined) continue;
      for (const [stage, input] of readers) this.#stages[stage]![local]!.push(input, update);
    }
    for (const [stage, input] of readers) {
      for (const worker of this.#stages[stage]!) worker.advance(input, frontier);
    }
  }

  /** Takes in a parcel of another process. */
  receive(sender: number, { rows, frontiers }: Parcel): void {
    for (const [edge, worker, updates] of rows) {
      const { stage, input } = this.#edges[edge]!;
      for (const update of updates) this.#stages[stage]![worker]!.push(input, update);
    }
    for (const [edge, frontier] of frontiers) {
      this.#edges[edge]!.processes[sender] = frontier;
      this.#advanceEdge(this.#edges[edge]!);
    }
  }

  /** Works until nothing more can be done without news. */
  step(): ShareStep {
    const result: Update<Entry>[] = [];
    for (const [place, { output }] of this.#layout.stages.entries()) {
      for (const stage of this.#stages[place]!) {
        const updates = stage.step();
        if (output.kind === "result") result.push(...updates);
        else for (const update of updates) this.#send(output, update);
      }
      if (output.kind !== "result") this.#punctuate(output, this.#stages[place]![0]!.frontier);
    }
    return { parcels: this.#pack(), result, frontier: this.#resultFrontier() };
  }

  #resultFrontier(): Frontier {
    const { writer } = this.#layout;
    const hasResult = writer === null || this.#local(writer) !== undefined;
    return hasResult ? this.#stages.at(-1)![0]!.frontier : this.#options.asOf;
  }

  #send(output: Exclude<OutputLayout, { kind: "result" }>, update: Update<Entry>): void {
    const { edge } = output;
    const worker = output.kind === "to-worker" ? output.worker : this.#route(routeKey(update[0], output.columns));
    const local = this.#local(worker);
    if (local !== undefined) {
      const { stage, input } = this.#edges[edge]!;
      return this.#stages[stage]![local]!.push(input, update);
    }
    const { workersPerProcess } = this.#options;
    const receiver = Math.floor(worker / workersPerProcess);
    const { rows } = this.#draft(receiver);
    const key = `${edge} ${worker}`;
    const held = rows.get(key);
    if (held === undefined) rows.set(key, [edge, worker - receiver * workersPerProcess, [update]]);
    else held[2].push(update);
  }

  /** Tells the receivers of an edge how far this process has come, if that is news. */
  #punctuate(output: Exclude<OutputLayout, { kind: "result" }>, frontier: Frontier): void {
    const { process, processes, workersPerProcess } = this.#options;
    const edge = this.#edges[output.edge]!;
    if (edge.processes[process] === frontier) return;
    edge.processes[process] = frontier;
    this.#advanceEdge(edge);
    for (let receiver = 0; receiver < processes; receiver++) {
      if (receiver === process) continue;
      if (output.kind === "to-worker" && Math.floor(output.worker / workersPerProcess) !== receiver) continue;
      this.#draft(receiver).frontiers.push([output.edge, frontier]);
    }
  }

  #advanceEdge({ processes, stage, input }: Edge): void {
    const frontier = this.#options.policies.edgeFrontier(processes);
    for (const worker of this.#stages[stage]!) worker.advance(input, frontier);
  }

  #draft(receiver: number): Draft {
    let draft = this.#drafts.get(receiver);
    if (draft === undefined) this.#drafts.set(receiver, (draft = { rows: new Map(), frontiers: [] }));
    return draft;
  }

  #pack(): ReadonlyMap<number, Parcel> {
    const parcels = new Map<number, Parcel>();
    for (const [receiver, { rows, frontiers }] of this.#drafts) {
      parcels.set(receiver, { rows: [...rows.values()], frontiers });
    }
    this.#drafts = new Map();
    return parcels;
  }

  #route(key: string): number {
    const { policies, processes, workersPerProcess } = this.#options;
    return policies.route(key, processes * workersPerProcess);
  }

  /** Number of a worker within this process; undefined when it is in another. */
  #local(worker: number): number | undefined {
    const { process, workersPerProcess } = this.#options;
    const local = worker - process * workersPerProcess;
    return local >= 0 && local < workersPerProcess ? local : undefined;
  }
}

/** What decides where an element goes: the key's columns of a row, all of an error. */
function routeKey(entry: Entry, columns: readonly number[]): string {
  return isError(entry) ? entryKey(entry) : datumsKey(columns.map((column) => entry[column]!));
}
