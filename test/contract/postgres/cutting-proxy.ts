/**
 * A proxy in front of a real PostgreSQL server that cuts a connection at a chosen moment of the next call. It relies on
 * the server sending a short answer at once, after the commit, and on the client sending nothing before it was answered.
 */
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import type { AnswerLoss } from "../../../src/ports/service-controls.ts";

const dataRow = "D".charCodeAt(0);
const failure = "E".charCodeAt(0);
const readyForQuery = "Z".charCodeAt(0);

export class CuttingProxy {
  /** When connections are cut from now on; null for never. */
  when: AnswerLoss | null = null;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(target: number) {
    this.#server = createServer((client) => this.#join(client, connect(target, "127.0.0.1")));
  }

  /** A proxy on a port of its own for the server at `target`. */
  static async launch(target: number): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(target);
    proxy.#server.listen(0, "127.0.0.1");
    await once(proxy.#server, "listening");
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Ends what is open and listens no more. */
  async remove(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }

  #join(client: Socket, server: Socket): void {
    for (const [socket, other] of [[client, server] as const, [server, client] as const]) {
      this.#sockets.add(socket);
      socket.setNoDelay();
      // A broken side breaks the other one: "close" always follows.
      socket.on("error", () => other.destroy());
      socket.on("close", () => {
        this.#sockets.delete(socket);
        other.end();
      });
    }
    const cut = (to: Socket, part: Buffer): void => {
      for (const from of [client, server]) from.removeAllListeners("data").resume();
      to.end(part, () => [client, server].forEach((socket) => socket.destroySoon()));
    };
    client.on("data", (chunk: Buffer) => {
      if (this.when === "before") cut(server, chunk.subarray(0, chunk.length >>> 1));
      else server.write(chunk);
    });
    server.on("data", (chunk: Buffer) => {
      if (this.when === "after") cut(client, chunk.subarray(0, 0));
      else if (this.when === "middle") cut(client, chunk.subarray(0, middleOf(chunk)));
      else client.write(chunk);
    });
  }
}

/**
 * Where to cut an answer: a little behind its first row, in the middle of a failure (which the client tells as soon as it
 * has all of it), or else before the word that the answer is complete.
 */
function middleOf(answer: Buffer): number {
  let at = 0;
  while (at < answer.length) {
    const kind = answer[at];
    const next = at + 1 + answer.readUInt32BE(at + 1);
    if (kind === readyForQuery) return at;
    if (kind === failure) return (at + next) >>> 1;
    if (kind === dataRow) return next + 3;
    at = next;
  }
  return at;
}
