/**
 * What a process has to say to its peers, gathered over one step, so that each is sent one message: directives, a parcel of
 * each dataflow that got on, reports. A dataflow works once in a step and says of each of its exchanges how far it has come
 * only then, and only if that is news, so that a message holds one frontier for each at most.
 */
import type { Json } from "../../../base/json.ts";
import type { Parcel } from "../../dataflow/share.ts";
import type { Mesh } from "../../mesh/mesh.ts";
import type { Directive, MeshMessage, Report } from "./messages.ts";

interface Draft {
  readonly directives: Directive[];
  readonly parcels: (readonly [number, Parcel])[];
  readonly reports: Report[];
}

export class Outbox {
  readonly #mesh: Mesh;
  #drafts = new Map<number, Draft>();

  constructor(mesh: Mesh) {
    this.#mesh = mesh;
  }

  direct(peer: number, directive: Directive): void {
    this.#draft(peer).directives.push(directive);
  }

  parcel(peer: number, number: number, parcel: Parcel): void {
    this.#draft(peer).parcels.push([number, parcel]);
  }

  report(peer: number, report: Report): void {
    this.#draft(peer).reports.push(report);
  }

  /** Sends what was gathered. */
  flush(): void {
    const drafts = this.#drafts;
    if (drafts.size === 0) return;
    this.#drafts = new Map();
    for (const [peer, draft] of drafts) {
      const message: MeshMessage = draft;
      this.#mesh.send(peer, message as unknown as Json);
    }
  }

  #draft(peer: number): Draft {
    let draft = this.#drafts.get(peer);
    if (draft === undefined) this.#drafts.set(peer, (draft = { directives: [], parcels: [], reports: [] }));
    return draft;
  }
}
