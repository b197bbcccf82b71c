/** A client of the simulated S3 as a process uses it: one attempt a call, no retries; those are the engine's to decide. */
import type { Host } from "../../ports/host.ts";
import type { ObjectStore, ObjectStoreFailure } from "../../ports/object-store.ts";
import { micros } from "../../base/time.ts";
import { NetError } from "../../machine/port-errors.ts";
import { definiteCodes, type ObjectReply, type ObjectRequest } from "./messages.ts";
import { defaultBucket } from "./object-store-server.ts";

/** How long a request may take: 2 s, in µs. */
const requestTimeout = micros(2_000_000);

class ObjectStoreError extends Error implements ObjectStoreFailure {
  override readonly name = "ObjectStoreError";
  readonly code: string;
  readonly httpStatus: number;
  readonly phase: "request" | "body";
  readonly isDefinite: boolean;

  constructor(code: string, httpStatus: number, phase: "request" | "body", isDefinite: boolean) {
    super(httpStatus === 0 ? `no answer: ${code}` : `${httpStatus} ${code}`);
    this.code = code;
    this.httpStatus = httpStatus;
    this.phase = phase;
    this.isDefinite = isDefinite;
  }
}

/** The store at `address` (`host:port`), for one process. */
export function objectStoreClient(host: Host, address: string, bucket: string = defaultBucket): ObjectStore {
  const send = async (request: ObjectRequest): Promise<ObjectReply & { readonly ok: true }> => {
    // Reading has no effect to be unsure of.
    const isRead = request.op === "get" || request.op === "list";
    let reply: ObjectReply;
    try {
      reply = (await host.call(address, request, { timeout: requestTimeout })) as ObjectReply;
    } catch (error) {
      if (!(error instanceof NetError)) throw error;
      throw new ObjectStoreError(error.code, 0, "request", isRead || error.definite);
    }
    if ("isCut" in reply) throw new ObjectStoreError("ECONNRESET", 200, "body", isRead);
    if (reply.ok) return reply;
    throw new ObjectStoreError(reply.code, reply.httpStatus, "request", isRead || definiteCodes.includes(reply.code));
  };
  return {
    async get(key) {
      try {
        const reply = (await send({ op: "get", bucket, key })) as Found;
        return { body: reply.body, etag: reply.etag };
      } catch (error) {
        if (error instanceof ObjectStoreError && error.code === "NoSuchKey") return undefined;
        throw error;
      }
    },
    async put(key, body, condition = {}) {
      const { etag } = (await send({ op: "put", bucket, key, body, ...condition })) as Found;
      return { etag };
    },
    async list(prefix, options = {}) {
      const { keys, next } = (await send({ op: "list", bucket, prefix, ...options })) as Listed;
      return { keys, next };
    },
    async delete(key) {
      await send({ op: "delete", bucket, key });
    },
  };
}

interface Found {
  readonly etag: string;
  readonly body: string;
}

interface Listed {
  readonly keys: readonly string[];
  readonly next: string | undefined;
}
