/**
 * Requests and replies over connections: what `call` and `listen` of a host are made of. One pooled connection per
 * process, place and address; a call that times out costs its connection, since what is on it can no longer be trusted.
 * A request handler's error that has a `code` is an answer; any other is a bug of the program and ends its process.
 */
import type { Peer } from "../../ports/host.ts";
import type { KernelEvent } from "../../kernel/event-queue.ts";
import { NetError } from "../port-errors.ts";
import type { End } from "./end.ts";

interface Call {
  readonly resolve: (reply: any) => void;
  readonly reject: (error: unknown) => void;
  readonly timer: KernelEvent;
}

interface Reply {
  readonly re: number;
  readonly value?: unknown;
  readonly code?: string;
}

/** The client's side of one pooled connection. */
export class RpcClient {
  readonly #end: End;
  readonly #address: string;
  readonly #calls = new Map<number, Call>();
  readonly #gone: () => void;
  #count = 0;

  /** `gone` is called once, when no more calls can be made over it. */
  constructor(end: End, address: string, gone: () => void) {
    this.#end = end;
    this.#address = address;
    this.#gone = gone;
    end.onMessage = (message: Reply | undefined) => (message === undefined ? this.#broken() : this.#answered(message));
  }

  /** Sends a request; `delay` is how long to wait for the reply, virtual µs. */
  call(request: unknown, delay: number, resolve: (reply: any) => void, reject: (error: unknown) => void): void {
    const id = ++this.#count;
    const { process } = this.#end;
    // A reset may have overtaken the answer to the dialing: the end was shut before anyone listened to it.
    if (this.#end.closed !== null) this.#gone();
    this.#end.send({ id, request: request as never });
    const expire = (): void => this.#expired(id);
    const timer = process.kernel.schedule(process, delay, process.kernel.kinds.timer, this.#end.key, expire, undefined);
    this.#calls.set(id, { resolve, reject, timer });
  }

  #answered(reply: Reply): void {
    const call = this.#calls.get(reply.re);
    if (call === undefined) return;
    this.#calls.delete(reply.re);
    this.#end.process.kernel.cancel(call.timer);
    if (reply.code === undefined) call.resolve(reply.value);
    else call.reject(new NetError("EREMOTE", this.#address, false, reply.code));
  }

  #expired(id: number): void {
    const call = this.#calls.get(id);
    if (call === undefined) return;
    this.#calls.delete(id);
    call.reject(new NetError("ETIMEDOUT", this.#address, false));
    this.#end.close();
    this.#broken();
  }

  #broken(): void {
    this.#gone();
    const calls = [...this.#calls.values()];
    this.#calls.clear();
    for (const { reject, timer } of calls) {
      this.#end.process.kernel.cancel(timer);
      reject(new NetError("ECONNRESET", this.#address, false));
    }
  }
}

/** Answers the requests that come over a connection. */
export function serveRpc(end: End, handler: (request: any, peer: Peer) => unknown): void {
  end.onMessage = (message: { readonly id: number; readonly request: unknown } | undefined) => {
    if (message !== undefined) void answer(end, message.id, message.request, handler);
  };
}

async function answer(
  end: End,
  id: number,
  request: unknown,
  handler: (request: any, peer: Peer) => unknown,
): Promise<void> {
  let reply: Reply;
  try {
    reply = { re: id, value: await handler(request, end.peer) };
  } catch (error) {
    const code = (error as { code?: unknown } | null)?.code;
    if (typeof code !== "string") throw error;
    reply = { re: id, code };
  }
  if (end.closed === null) end.send(reply as never);
}
