/**
 * Process 0's part as the head of a replica: takes the controller's connections, lets the control core decide, hands
 * directives to all processes, and tells the controller what they report.
 */
import type { Json } from "../../../../base/json.ts";
import type { Connection } from "../../../../ports/host.ts";
import type { ClusterCommand, ClusterResponse, MaterializedViewObject, Peek, PeekOutcome } from "../../protocol.ts";
import type { Member, MemberOptions } from "../member.ts";
import type { Directive, Report } from "../messages.ts";
import type { Installed } from "./reconciliation.ts";
import { initialControl, nextControl, type ControlEffect, type ControlEvent } from "./control.ts";
import { rendering } from "./rendering.ts";
import { Reports } from "./reports.ts";
import { writerProcess } from "../running/view.ts";

const bindDelay = "1s";
/** How long a view that fell behind waits before it begins anew. */
const renewDelay = "1s";

type News = Extract<ClusterResponse, { kind: "frontier" | "status" }>;

export class Foreman {
  readonly #options: Omit<MemberOptions, "onReport">;
  readonly #member: Member;
  readonly #reports: Reports;
  readonly #connections = new Map<number, Connection>();
  #connectionCount = 0;
  #state = initialControl;

  constructor(options: Omit<MemberOptions, "onReport">, member: Member) {
    this.#options = options;
    this.#member = member;
    this.#reports = new Reports(options.policies.replica);
  }

  /** Listens for controllers. The port may be taken for a while by what died here before. */
  async listen(port: number): Promise<void> {
    const { host } = this.#options.ports;
    for (;;) {
      try {
        await host.accept(port, (connection) => void this.#serve(connection));
        return;
      } catch (error) {
        if ((error as { code?: unknown }).code !== "EADDRINUSE") throw error;
        await host.sleep(bindDelay);
      }
    }
  }

  /** A process, this one included, reports. */
  heard(process: number, report: Report): void {
    switch (report.kind) {
      case "frontier":
      case "status": {
        const news = this.#reports.heard(process, report);
        if (news !== undefined) this.#tell(news);
        return;
      }
      case "peek-part": {
        const outcome = this.#reports.gathered(process, report.number, report.part);
        if (outcome !== undefined) this.#step({ kind: "answered", number: report.number, outcome });
        return;
      }
      case "behind":
        return void this.#renew(report.number);
    }
  }

  async #serve(connection: Connection): Promise<void> {
    const number = ++this.#connectionCount;
    this.#connections.set(number, connection);
    for (;;) {
      let command: ClusterCommand | undefined;
      try {
        command = await connection.receive();
      } catch (error) {
        if (typeof (error as { code?: unknown }).code !== "string") throw error;
        command = undefined;
      }
      if (command === undefined) break;
      this.#step({ kind: "command", connection: number, command });
    }
    this.#connections.delete(number);
    this.#step({ kind: "closed", connection: number });
  }

  #step(event: ControlEvent): void {
    const [state, effects] = nextControl(this.#state, event, this.#options.policies.replica);
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
  }

  #perform(effect: ControlEffect): void {
    switch (effect.kind) {
      case "respond":
        return this.#respond(effect.connection, effect.response);
      case "close":
        return this.#connections.get(effect.connection)?.close();
      case "direct":
        return this.#direct(effect.directive);
      case "reconciled":
        return this.#reconciled(effect);
      case "peek-answered":
        return this.#answered(effect.peek, effect.outcome);
      case "halt":
        return this.#options.ports.host.exit(134, "unknown-object");
    }
  }

  #direct(directive: Directive): void {
    const { mesh } = this.#options;
    // Expected first: what runs here may report at once.
    if (directive.kind === "create") this.#reports.expect(directive, [this.#reporter(directive)]);
    else if (directive.kind === "peek") this.#reports.expectPeek(directive.number, mesh.size);
    else if (directive.kind === "drop") this.#reports.forget(directive.number);
    this.#member.direct(directive);
    if (directive.kind !== "create" || directive.object.kind !== "materialized-view") return;
    void this.#render(directive, directive.object);
  }

  /** The process that speaks for an object: for a view the one with its writer, which is no further than any worker. */
  #reporter({ object }: Installed): number {
    const { mesh, workersPerProcess, policies } = this.#options;
    const { route } = policies.dataflow;
    if (object.kind !== "materialized-view") return route(object.id, mesh.size);
    return writerProcess(route(object.id, mesh.size * workersPerProcess), workersPerProcess);
  }

  async #render(installed: Installed, object: MaterializedViewObject): Promise<void> {
    const { number } = installed;
    const { ports, persist, policies, replica } = this.#options;
    const isWanted = (): boolean => this.#state.installed.some((installed) => installed.number === number);
    const rendered = await rendering({
      ports,
      persist,
      policies: policies.replica,
      object,
      isWanted,
      status: (update) => this.heard(0, { kind: "status", number, update }),
    });
    if (rendered === "dropped") return;
    if (rendered === "finished")
      return this.heard(this.#reporter(installed), { kind: "frontier", number, upper: null });
    const { id, incarnation } = object;
    ports.host.emit("dataflow.rendered", { replica, id, incarnation, ...rendered });
    this.#direct({ kind: "begin", number, asOf: rendered.asOf });
  }

  async #renew(number: number): Promise<void> {
    const { ports, replica } = this.#options;
    await ports.host.sleep(renewDelay);
    const renewed = this.#state.installed.find((installed) => installed.number === number);
    if (renewed === undefined) return;
    const { id, incarnation } = renewed.object;
    ports.host.emit("dataflow.renewed", { replica, id, incarnation });
    this.#step({ kind: "behind", number });
  }

  #reconciled({ nonce, kept, created, dropped }: Extract<ControlEffect, { kind: "reconciled" }>): void {
    const { ports, replica } = this.#options;
    ports.host.emit("replica.reconciled", {
      replica,
      nonce,
      kept: kept.map(({ object }) => object.id),
      created,
      dropped,
    });
    const ids = kept.map(({ object }) => object.id);
    if (ids.length > 0) ports.host.emit("dataflow.kept", { replica, nonce, ids });
    const { connection } = this.#state;
    if (connection !== null) this.#respond(connection, { kind: "reconciled", nonce, life: ports.host.process });
    for (const news of this.#reports.resent(kept)) this.#tell(news);
  }

  #answered({ uuid, asOf }: Peek, { ok }: PeekOutcome): void {
    this.#options.ports.host.emit("peek.answered", { uuid, asOf, ok });
  }

  /** To the controller in charge, if there is one that has said all that it wants. */
  #tell(news: News): void {
    const { connection, isInitialized } = this.#state;
    if (connection === null || !isInitialized) return;
    if (news.kind === "frontier") {
      const { ports, replica } = this.#options;
      ports.host.emit("frontier.reported", { replica, id: news.id, upper: news.upper });
    }
    this.#respond(connection, news);
  }

  #respond(connection: number, response: ClusterResponse): void {
    try {
      this.#connections.get(connection)?.send(response as unknown as Json);
    } catch (error) {
      // The loop that reads it meets the same end.
      if (typeof (error as { code?: unknown }).code !== "string") throw error;
    }
  }
}
