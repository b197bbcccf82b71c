/** The program of the simulated PostgreSQL server's host. A crash of its process is the crash of the server. */
import type { Connection, Host } from "../../ports/host.ts";
import type { Program } from "../../ports/world.ts";
import { NetError } from "../../machine/port-errors.ts";
import { Backend } from "./backend.ts";
import { postgresPort } from "./messages.ts";
import type { PostgresServer } from "./server.ts";

/**
 * A program that serves the database on port 5432. What was committed is there again in every incarnation; sessions, locks
 * and open transactions are not. `loadPgParser` must have been awaited before the run.
 */
export function postgresProgram(server: PostgresServer): Program {
  return async (host) => {
    let backend: Backend | null = null;
    // Read back when nobody else can serve any more: once the port is ours.
    const backendOf = (): Backend => (backend ??= new Backend(host, server));
    await bind(host, (connection) => backendOf().serve(connection));
    for (;;) {
      backendOf().attend(null);
      await host.sleep("1s");
    }
  };
}

/** Accepts connections, once a predecessor that dies slowly has given the port up. */
async function bind(host: Host, serve: (connection: Connection) => unknown): Promise<void> {
  for (;;) {
    try {
      await host.accept(postgresPort, serve);
      return;
    } catch (error) {
      if (!(error instanceof NetError)) throw error;
    }
    await host.sleep("1s");
  }
}
