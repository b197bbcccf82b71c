/** Sessions over the network: one statement in flight each, answered in order. */
import type { Connection, Host } from "../../../ports/host.ts";
import type { Json } from "../../../base/json.ts";
import type { SessionRequest } from "../../../ports/session.ts";
import type { Environment } from "../environment.ts";
import type { Purify } from "./create.ts";
import type { Session, SessionVariables } from "./session.ts";
import { defaultCluster } from "../../catalog/cluster-transaction.ts";
import { execute } from "./execution.ts";

/** Where sessions are served. */
export const sessionPort = 6875;

const listenRetry = "1s";

/** Serves sessions from when it resolves on. A port that is taken is tried again, for ever. */
export async function serveSessions(environment: Environment, purify: Purify): Promise<void> {
  const { host } = environment.ports;
  let count = 0;
  for (;;) {
    const isServing = await tryListen(host, (connection) => {
      void serve(connection, `${connection.peer.host}/${++count}`, purify, environment);
    });
    if (isServing) return;
    await host.sleep(listenRetry);
  }
}

async function tryListen(host: Host, onConnection: (connection: Connection) => void): Promise<boolean> {
  try {
    await host.accept(sessionPort, onConnection);
    return true;
  } catch (error) {
    if (coded(error)) return false;
    throw error;
  }
}

async function serve(connection: Connection, peer: string, purify: Purify, environment: Environment): Promise<void> {
  let next = receive(connection);
  const variables = { cluster: defaultCluster };
  for (let number = 1; ; number++) {
    const request = await next;
    if (request === undefined) return;
    // Listening goes on beside the statement: so it is noticed when the client goes away.
    next = receive(connection);
    const session = new OpenSession(request.session ?? peer, variables);
    void next.then((message) => (message === undefined ? session.close() : undefined));
    const reply = await execute(request, session, request.number ?? number, purify, environment);
    if (!send(connection, reply as unknown as Json)) return;
  }
}

class OpenSession implements Session {
  readonly name: string;
  readonly variables: SessionVariables;
  isGone = false;
  readonly #handlers: (() => void)[] = [];

  constructor(name: string, variables: SessionVariables) {
    this.name = name;
    this.variables = variables;
  }

  onGone(run: () => void): void {
    if (this.isGone) run();
    else this.#handlers.push(run);
  }

  close(): void {
    this.isGone = true;
    for (const run of this.#handlers) run();
  }
}

/** The next request; undefined once there will be none. */
async function receive(connection: Connection): Promise<SessionRequest | undefined> {
  try {
    return (await connection.receive()) as SessionRequest | undefined;
  } catch (error) {
    if (coded(error)) return undefined;
    throw error;
  }
}

function send(connection: Connection, message: Json): boolean {
  try {
    connection.send(message);
    return true;
  } catch (error) {
    if (coded(error)) return false;
    throw error;
  }
}

function coded(error: unknown): boolean {
  return typeof (error as { readonly code?: unknown } | null)?.code === "string";
}
