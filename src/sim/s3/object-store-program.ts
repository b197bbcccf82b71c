/** The process that serves the simulated S3: nothing of its own, so that killing it loses nothing. */
import type { Connection, Host } from "../../ports/host.ts";
import type { Program } from "../../ports/world.ts";
import type { End } from "../../machine/network/end.ts";
import { NetError } from "../../machine/port-errors.ts";
import { serveRpc } from "../../machine/network/rpc.ts";
import type { ObjectReply, ObjectRequest } from "./messages.ts";
import { faultOf, perform, refusal, type ObjectStoreServer } from "./object-store-server.ts";

/** The port that it listens on. */
export const objectStorePort = 9_000;

/** Serves the store on its host. Every request is one step: what it does and the answer. */
export function objectStoreProgram(server: ObjectStoreServer): Program {
  return async (host) => {
    for (;;) {
      try {
        // Not `listen`: only who holds the connection can lose an answer on it.
        await host.accept(objectStorePort, (connection) => serve(server, host, connection));
        return;
      } catch (error) {
        // A predecessor that dies slowly holds the port.
        if (!(error instanceof NetError)) throw error;
        await host.sleep("1s");
      }
    }
  };
}

function serve(server: ObjectStoreServer, host: Host, connection: Connection): void {
  serveRpc(connection as End, (request: ObjectRequest) => {
    const reply = answer(server, host, request, connection.peer.host);
    if (reply === undefined) connection.close();
    return reply;
  });
}

/** Undefined when the answer is lost, and the connection with it. */
function answer(server: ObjectStoreServer, host: Host, request: ObjectRequest, by: string): ObjectReply | undefined {
  const { op } = request;
  const hit = faultOf(server, by, op);
  if (hit?.isBefore === true) {
    host.emit("s3.failed", { code: hit.fault.code, op });
    return refusal(hit.fault.code);
  }
  const reply = perform(server, request);
  if (reply.ok && request.op === "put") host.emit("s3.put", { key: request.key, by });
  if (reply.ok && request.op === "delete") host.emit("s3.deleted", { key: request.key, by });
  if (hit === undefined) return reply;
  if (hit.fault.kind === "fail") {
    host.emit("s3.failed", { code: hit.fault.code, op });
    return refusal(hit.fault.code);
  }
  host.emit("s3.answer-lost", { op });
  if (op === "get" && "body" in reply && server.choose(`s3/cut/${by}/${server.exposed.get(by) ?? 0}`, 2) === 0) {
    return { ok: true, etag: reply.etag, isCut: true };
  }
  return undefined;
}
