/**
 * A client looks for the leader: it asks whom it last heard of, follows redirections, and tries the others in turn. A
 * request is sent again under the same name until it is answered or patience ends; then its outcome is unknown. What the
 * client asks for and learns it tells as events, for the rules.
 */
import { NetError, type Duration, type Host } from "wavetank";
import { port, type ClientAnswer, type ClientRequest } from "./messages.ts";

const attemptTimeout: Duration = "400ms";

export class Client {
  readonly #host: Host;
  readonly #replicas: readonly string[];
  #target: string;
  #count = 0;

  constructor(host: Host, replicas: readonly string[]) {
    this.#host = host;
    this.#replicas = replicas;
    this.#target = replicas[0]!;
  }

  /** Appends a value that nobody else ever appends. `patience` in µs; for ever unless given. */
  async append(value: number, patience = Infinity): Promise<void> {
    const request = `${this.#host.name}/${++this.#count}`;
    this.#host.emit("append.started", { value });
    const answer = await this.#ask({ kind: "append", request, value }, patience);
    if (answer !== null && "position" in answer) {
      this.#host.emit("append.acked", { value, position: answer.position });
    } else {
      this.#host.emit("append.unknown", { value });
    }
  }

  /** Reads the whole list. */
  async read(patience = Infinity): Promise<void> {
    const read = `${this.#host.name}/${++this.#count}`;
    this.#host.emit("read.started", { read });
    const answer = await this.#ask({ kind: "read" }, patience);
    if (answer !== null && "values" in answer) this.#host.emit("read.returned", { read, values: answer.values });
  }

  async #ask(request: ClientRequest, patience: number): Promise<Extract<ClientAnswer, { ok: true }> | null> {
    const { clock } = this.#host;
    /** Term of a leader that refused: one behind which another answers had been deposed. */
    let deposed = Infinity;
    const until = clock.monotonic() + patience;
    do {
      const asked = this.#target;
      try {
        const answer: ClientAnswer = await this.#host.call(`${asked}:${port}`, request, { timeout: attemptTimeout });
        if (answer.ok) {
          if (answer.term > deposed) this.#host.emit("read.refused-by-deposed", { term: deposed });
          return answer;
        }
        if (request.kind === "read" && answer.leads) deposed = Math.min(deposed, answer.term);
        this.#target = answer.leader !== null && answer.leader !== asked ? answer.leader : this.#after(asked);
      } catch (error) {
        if (!(error instanceof NetError)) throw error;
        this.#target = this.#after(asked);
      }
      await this.#host.sleep("30ms");
    } while (clock.monotonic() < until);
    return null;
  }

  #after(replica: string): string {
    const { length } = this.#replicas;
    return this.#replicas[(this.#replicas.indexOf(replica) + 1) % length]!;
  }
}
