/** Two hosts with one connection between them: a server that notes what arrives and when, and a client to act on it. */
import type { Json } from "../../../src/base/json.ts";
import type { Connection, Host } from "../../../src/ports/host.ts";
import { outcome, Tank } from "../tank.ts";

export interface Arrival {
  /** Virtual µs. */
  readonly at: number;
  readonly message: unknown;
}

/** Receives until the connection ends; the last entry says how: undefined, or the code of the error. */
export async function receiveAll(tank: Tank, connection: Connection, into: Arrival[]): Promise<void> {
  for (;;) {
    const message = await outcome(connection.receive());
    into.push({ at: tank.now, message });
    if (message === undefined || (typeof message === "string" && message.startsWith("!"))) return;
  }
}

export class Wire {
  readonly tank: Tank;
  /** What arrived at either end. */
  readonly atServer: Arrival[] = [];
  readonly atClient: Arrival[] = [];

  /** `client` is called with its end; what the server says on its own is up to `server`. */
  constructor(
    client: (connection: Connection, host: Host) => Promise<unknown>,
    server: (connection: Connection, host: Host) => Promise<unknown> | unknown = () => undefined,
    seed = "wire",
  ) {
    this.tank = new Tank({ seed });
    this.tank.start("server", async (host) => {
      await host.accept(1, (connection) => {
        void receiveAll(this.tank, connection, this.atServer);
        return server(connection, host);
      });
    });
    this.tank.start("client", async (host) => {
      await host.sleep("10ms");
      const connection = await host.connect("server:1");
      void receiveAll(this.tank, connection, this.atClient);
      await client(connection, host);
    });
  }

  /** What a fault would turn between the two. */
  get there(): ReturnType<Tank["controls"]["link"]> {
    return this.tank.controls.link("client", "server");
  }

  get back(): ReturnType<Tank["controls"]["link"]> {
    return this.tank.controls.link("server", "client");
  }
}

/** The messages of arrivals, without their times. */
export function messages(arrivals: readonly Arrival[]): unknown[] {
  return arrivals.map(({ message }) => message);
}

/** Sends each message at its second. */
export async function sendEverySecond(connection: Connection, host: Host, all: readonly Json[]): Promise<void> {
  for (const message of all) {
    await host.sleep("1s");
    connection.send(message);
  }
}
