/** The process that serves the simulated S3: nothing of its own, so that killing it loses nothing. */
import type { Connection, Host } from "../../ports/host.ts";
import type { AnswerLoss } from "../../ports/service-controls.ts";
import type { Program } from "../../ports/world.ts";
import type { End } from "../../machine/network/end.ts";
import { NetError } from "../../machine/port-errors.ts";
import { serveRpc } from "../../machine/network/rpc.ts";
import type { ObjectOperation, ObjectReply, ObjectRequest } from "./messages.ts";
import { faultOf, perform, refusal, type ObjectStoreServer, type RequestFault } from "./object-store-server.ts";

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
  if (hit?.isBefore === true) return struck(host, op, hit.fault, "before");
  const reply = perform(server, request);
  if (reply.ok && request.op === "put") host.emit("s3.put", { key: request.key, by });
  if (reply.ok && request.op === "delete") host.emit("s3.deleted", { key: request.key, by });
  if (hit === undefined) return reply;
  const { fault } = hit;
  if (fault.kind === "fail") return struck(host, op, fault, "after");
  const part = partOf(reply);
  const isDrawn = fault.when === undefined && op === "get" && part !== undefined;
  const isMiddle = isDrawn && server.choose(`s3/cut/${by}/${server.exposed.get(by) ?? 0}`, 2) === 0;
  const when = fault.when ?? (isMiddle ? "middle" : "after");
  const rest = struck(host, op, fault, when);
  return when === "middle" ? part : rest;
}

/** Leaves the witness of a fault; returns what the client gets instead of an answer. */
function struck(host: Host, op: ObjectOperation, fault: RequestFault, when: AnswerLoss): ObjectReply | undefined {
  if (fault.kind === "fail") {
    host.emit("s3.failed", { code: fault.code, op });
    return refusal(fault.code);
  }
  host.emit("s3.answer-lost", { op, when });
  return undefined;
}

/** The first half of an answer that has a body; undefined for those that are but a head. */
function partOf(reply: ObjectReply): ObjectReply | undefined {
  if ("body" in reply) {
    const { etag, body = "" } = reply;
    return { ok: true, isCut: true, etag, part: body.slice(0, body.length >>> 1) };
  }
  if ("keys" in reply) return { ok: true, isCut: true, part: reply.keys.slice(0, reply.keys.length >>> 1) };
  return undefined;
}
