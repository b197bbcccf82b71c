/** One connection of a process to a peer, as the mesh uses it: what was heard on it, and when. Identified by a number. */
import type { Json } from "../../base/json.ts";
import type { Connection } from "../../ports/host.ts";

export class Link {
  readonly number: number;
  readonly connection: Connection;
  isClosed = false;
  hasSent = false;
  hasHeard = true;
  /** Beats in a row without a word from the other side. */
  silences = 0;
  /** What came before anybody wanted it, in order. */
  readonly early: Json[] = [];

  constructor(number: number, connection: Connection) {
    this.number = number;
    this.connection = connection;
  }

  /** Sends, unless the link is known to be closed: its loss is noticed where it is read. */
  send(message: Json): void {
    if (this.isClosed) return;
    this.hasSent = true;
    try {
      this.connection.send(message);
    } catch (error) {
      if (typeof (error as { code?: unknown }).code !== "string") throw error;
    }
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.connection.close();
  }
}
