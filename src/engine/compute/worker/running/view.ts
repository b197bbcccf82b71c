/**
 * A materialized view, as one process runs it: its share of the dataflow, fed from the sources' shards. The process of the
 * one worker that has the result appends it to the view's shard and reports how far it is: not what others wrote before
 * it was there itself, for that says nothing of this replica.
 */
import type { Json } from "../../../../base/json.ts";
import type { Entry, Frontier, Time } from "../../../collection.ts";
import type { ShareStep } from "../../../dataflow/share.ts";
import type { Shard } from "../../../persist/persist.ts";
import type { MaterializedViewObject } from "../../protocol.ts";
import type { RunningDataflow, Surroundings } from "./dataflow.ts";
import type { ViewOutput } from "./view-output.ts";
import { micros } from "../../../../base/time.ts";
import { meet } from "../../../collection.ts";
import { render } from "../../../dataflow/layout.ts";
import { Share } from "../../../dataflow/share.ts";
import { evaluation } from "./evaluation.ts";
import { SourceReader } from "./source-reader.ts";
import { readBy } from "./sources.ts";
import { grown, nextAppend, written } from "./view-output.ts";

/** Appends begin at least this far apart, µs: more of the result goes into one. */
const appendEvery = 200_000;

export class RunningView implements RunningDataflow {
  share: Share | null = null;
  readonly #number: number;
  readonly #object: MaterializedViewObject;
  readonly #surroundings: Surroundings;
  #reader: SourceReader | null = null;
  #writer: ViewWriter | null = null;

  /** Installed; nothing is read before `begin`. */
  constructor(number: number, object: MaterializedViewObject, surroundings: Surroundings) {
    this.#number = number;
    this.#object = object;
    this.#surroundings = surroundings;
  }

  begin(asOf: Time): void {
    const { host, persist, place, dataflowPolicies: policies, report, touch } = this.#surroundings;
    const { id, plan, sources, shard } = this.#object;
    const number = this.#number;
    const writer = policies.route(id, place.processes * place.workersPerProcess);
    const share = new Share(render(plan, writer), { ...place, asOf, evaluate: evaluation(host), policies });
    this.share = share;
    if (writerProcess(writer, place.workersPerProcess) === place.process) {
      this.#writer = new ViewWriter(number, persist.shard(shard), asOf, this.#surroundings);
    }
    this.#reader = new SourceReader({
      persist,
      sources: readBy(plan, sources),
      asOf,
      isSnapshot: false,
      feed: (source, updates, frontier) => {
        share.feed(source, updates, frontier);
        touch(number);
      },
      compacted: () => report({ kind: "behind", number }),
    });
    // A view of constants is never fed.
    touch(number);
  }

  stepped(step: ShareStep): boolean {
    this.#writer?.offer(step);
    return false;
  }

  stop(): void {
    this.#reader?.stop();
    this.#writer?.stop();
  }
}

/** The process that a worker is in. */
export function writerProcess(worker: number, workersPerProcess: number): number {
  return Math.floor(worker / workersPerProcess);
}

class ViewWriter {
  readonly #number: number;
  readonly #shard: Shard<Json>;
  readonly #asOf: Time;
  readonly #surroundings: Surroundings;
  #output: ViewOutput;
  #isStopped = false;
  #wake: (() => void) | null = null;
  /** As reported last. */
  #told: Frontier = 0;

  constructor(number: number, shard: Shard<Json>, asOf: Time, surroundings: Surroundings) {
    this.#number = number;
    this.#shard = shard;
    this.#asOf = asOf;
    this.#surroundings = surroundings;
    this.#output = { pending: [], frontier: 0, upper: 0 };
    void this.#run();
  }

  offer({ result, frontier }: ShareStep): void {
    // Nothing has come out yet. That there is nothing before the first time need not be written by itself.
    if (frontier === this.#asOf) return;
    this.#output = grown(this.#output, result, frontier);
    this.#tell();
    this.#wake?.();
  }

  stop(): void {
    this.#isStopped = true;
  }

  async #run(): Promise<void> {
    const { host, replicaPolicies } = this.#surroundings;
    const { upper } = await this.#shard.bounds();
    this.#written(upper);
    while (!this.#isStopped && this.#output.upper !== null) {
      const next = nextAppend(this.#output, replicaPolicies);
      if (next === undefined) {
        await new Promise<void>((resolve) => (this.#wake = resolve));
        continue;
      }
      const began = host.clock.monotonic();
      const updates = next.updates as readonly (readonly [Entry & Json, number, number])[];
      const appended = await this.#shard.compareAndAppend(updates, next.lower, next.upper);
      this.#written(appended.ok ? next.upper : appended.upper);
      const rest = began + appendEvery - host.clock.monotonic();
      if (rest > 0 && nextAppend(this.#output, replicaPolicies) !== undefined) await host.sleep(micros(rest));
    }
  }

  #written(upper: ViewOutput["upper"]): void {
    if (this.#isStopped) return;
    this.#output = written(this.#output, upper, this.#surroundings.replicaPolicies);
    this.#tell();
  }

  /** How far this replica has come by itself with what is durable; another may have written more than we know. */
  #tell(): void {
    const { frontier, upper } = this.#output;
    const reached = upper === null ? null : meet(frontier, upper);
    if (reached === this.#told || this.#isStopped) return;
    this.#told = reached;
    this.#surroundings.report({ kind: "frontier", number: this.#number, upper: reached });
  }
}
