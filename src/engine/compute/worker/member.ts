/**
 * One process of a replica: carries out what process 0 directs, in the same order as all others, works on its shares of
 * dataflows, runs the connectors that fall to it, and reports to process 0. Work and messages of one dispatch are done at
 * its end, together.
 */
import type { EnginePorts } from "../../../ports/engine-ports.ts";
import type { StartIngestion, StartSink, RunningConnector, ConnectorContext } from "../../connectors/connector.ts";
import type { DataflowPolicies } from "../../dataflow/policies.ts";
import type { Parcel } from "../../dataflow/share.ts";
import type { Mesh } from "../../mesh/mesh.ts";
import type { Owner, PersistClient } from "../../persist/persist.ts";
import type { IngestionObject, RenderedObject, SinkObject } from "../protocol.ts";
import type { Directive, MeshMessage, Report } from "./messages.ts";
import type { ReplicaPolicies } from "./policies.ts";
import type { RunningDataflow, Surroundings } from "./running/dataflow.ts";
import { Outbox } from "./outbox.ts";
import { RunningPeek } from "./running/peek.ts";
import { RunningView } from "./running/view.ts";

export interface MemberOptions {
  readonly ports: EnginePorts;
  readonly persist: PersistClient;
  readonly mesh: Mesh;
  readonly replica: string;
  readonly workersPerProcess: number;
  readonly policies: {
    readonly dataflow: DataflowPolicies;
    readonly replica: ReplicaPolicies;
    readonly connectors: ConnectorContext["policies"];
  };
  readonly startIngestion: StartIngestion;
  readonly startSink: StartSink;
  /** A report of any process arrived: called in process 0 alone. */
  readonly onReport: (process: number, report: Report) => void;
}

/** Turns of promises that are waited for: readers of several shards are that far apart in what one event sets off. */
const patience = 16;

export class Member {
  readonly #options: MemberOptions;
  readonly #outbox: Outbox;
  readonly #surroundings: Surroundings;
  readonly #dataflows = new Map<number, RunningDataflow>();
  readonly #connectors = new Map<number, RunningConnector>();
  /** Parcels that came before their dataflow began here, by number. */
  readonly #early = new Map<number, (readonly [sender: number, parcel: Parcel])[]>();
  readonly #dirty = new Set<number>();
  #owner: Owner = { generation: 0, epoch: 0 };
  /** The highest number heard of: parcels of a number up to it that does not run are of the past. */
  #newest = 0;
  #isSettling = false;
  #hasWorked = false;

  constructor(options: MemberOptions) {
    const { ports, persist, mesh, workersPerProcess, policies } = options;
    this.#options = options;
    this.#outbox = new Outbox(mesh);
    this.#surroundings = {
      host: ports.host,
      persist,
      place: { process: mesh.index, processes: mesh.size, workersPerProcess },
      dataflowPolicies: policies.dataflow,
      replicaPolicies: policies.replica,
      report: (report) => this.#report(report),
      touch: (number) => this.#touch(number),
    };
  }

  /** Carries a directive out here and, in process 0, has all others do so after everything before it. */
  direct(directive: Directive): void {
    const { mesh, policies } = this.#options;
    for (let peer = 1; peer < policies.replica.audience(mesh.size); peer++) this.#outbox.direct(peer, directive);
    this.#apply(directive);
    this.#settleSoon();
  }

  /** A message of another process. */
  receive(sender: number, { directives, parcels, reports }: MeshMessage): void {
    for (const directive of directives) this.#apply(directive);
    for (const [number, parcel] of parcels) this.#parcel(sender, number, parcel);
    for (const report of reports) this.#options.onReport(sender, report);
  }

  #apply(directive: Directive): void {
    this.#worked();
    switch (directive.kind) {
      case "owner":
        this.#owner = directive.owner;
        return;
      case "create":
        this.#newest = directive.number;
        return this.#create(directive.number, directive.object);
      case "begin": {
        const view = this.#dataflows.get(directive.number);
        if (view instanceof RunningView) view.begin(directive.asOf);
        return this.#begun(directive.number);
      }
      case "peek":
        this.#newest = directive.number;
        this.#dataflows.set(directive.number, new RunningPeek(directive.number, directive.peek, this.#surroundings));
        this.#touch(directive.number);
        // What is read may come from any source, over views.
        for (const connector of this.#connectors.values()) connector.wanted?.(directive.peek.asOf);
        return this.#begun(directive.number);
      case "drop":
        return this.#drop(directive.number);
    }
  }

  #create(number: number, object: RenderedObject): void {
    const { ports, replica, mesh } = this.#options;
    const { index, epoch } = mesh;
    ports.host.emit("dataflow.installed", { replica, index, epoch, number, id: object.id });
    if (object.kind === "materialized-view") {
      this.#dataflows.set(number, new RunningView(number, object, this.#surroundings));
      return;
    }
    const { policies } = this.#options;
    if (policies.dataflow.route(object.id, mesh.size) === mesh.index) this.#connect(number, object);
  }

  #connect(number: number, object: IngestionObject | SinkObject): void {
    const { ports, persist, policies, startIngestion, startSink } = this.#options;
    const owner = (): Owner => this.#owner;
    const context: ConnectorContext = {
      ports,
      persist,
      policies: policies.connectors,
      // The environment in charge now: a connector that is kept has a new one.
      get owner() {
        return owner();
      },
      report: (update) => this.#report({ kind: "status", number, update }),
      advanced: (_id, _incarnation, upper) => this.#report({ kind: "frontier", number, upper }),
    };
    this.#connectors.set(number, object.kind === "sink" ? startSink(object, context) : startIngestion(object, context));
  }

  #drop(number: number): void {
    this.#dataflows.get(number)?.stop();
    this.#connectors.get(number)?.stop();
    this.#forget(number);
    this.#connectors.delete(number);
  }

  #forget(number: number): void {
    this.#dataflows.delete(number);
    this.#dirty.delete(number);
    this.#early.delete(number);
  }

  #parcel(sender: number, number: number, parcel: Parcel): void {
    const dataflow = this.#dataflows.get(number);
    if (dataflow === undefined && number <= this.#newest) return;
    const share = dataflow?.share ?? null;
    if (share !== null) {
      this.#worked();
      share.receive(sender, parcel);
      return this.#touch(number);
    }
    const early = this.#early.get(number);
    if (early === undefined) this.#early.set(number, [[sender, parcel]]);
    else early.push([sender, parcel]);
  }

  #begun(number: number): void {
    const early = this.#early.get(number) ?? [];
    this.#early.delete(number);
    for (const [sender, parcel] of early) this.#parcel(sender, number, parcel);
  }

  #report(report: Report): void {
    const { mesh, onReport } = this.#options;
    if (mesh.index === 0) return onReport(0, report);
    this.#outbox.report(0, report);
    this.#settleSoon();
  }

  #touch(number: number): void {
    this.#dirty.add(number);
    this.#settleSoon();
  }

  #settleSoon(): void {
    if (this.#isSettling) return;
    this.#isSettling = true;
    void this.#settle();
  }

  /** Once the present dispatch has said all that it has to say. */
  async #settle(): Promise<void> {
    for (let turn = 0; turn < patience; turn++) await Promise.resolve();
    this.#isSettling = false;
    const numbers = [...this.#dirty];
    this.#dirty.clear();
    for (const number of numbers) this.#step(number);
    this.#outbox.flush();
  }

  #step(number: number): void {
    const dataflow = this.#dataflows.get(number);
    const share = dataflow?.share ?? null;
    if (dataflow === undefined || share === null) return;
    const step = share.step();
    for (const [peer, parcel] of step.parcels) this.#outbox.parcel(peer, number, parcel);
    if (!dataflow.stepped(step)) return;
    dataflow.stop();
    this.#forget(number);
  }

  #worked(): void {
    if (this.#hasWorked) return;
    this.#hasWorked = true;
    const { ports, mesh, replica } = this.#options;
    ports.host.emit("mesh.worked", { replica, index: mesh.index, epoch: mesh.epoch });
  }
}
