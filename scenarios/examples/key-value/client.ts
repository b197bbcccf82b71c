/**
 * A client is one session: it makes one change after the other and numbers them. A request is sent again, with the same
 * number, until it is answered or patience ends. What a client asks for and learns it tells as events, for the rules.
 */
import { NetError, type Duration, type Host } from "wavetank";
import { port, type Mutation, type Reply, type Request, type Values } from "./protocol.ts";

/** `failed`: it certainly has no effect and never will. `unknown`: it may have, now or later. */
type Outcome = "acked" | "failed" | "unknown";

interface Asked {
  /** The answer, if one came in time. */
  readonly values: Values | null;
  /** False when some attempt may have had, or may still have, an effect that nobody told of. */
  readonly isCertain: boolean;
}

interface Patience {
  /** How long requests are sent again; for ever unless given. */
  readonly micros?: number;
}

const attemptTimeout: Duration = "250ms";

export class Client {
  readonly #host: Host;
  /** Changes that have happened or may yet happen. */
  readonly #sent: Mutation[] = [];
  #last: Promise<void> = Promise.resolve();
  #changes = 0;
  #reads = 0;

  constructor(host: Host) {
    this.#host = host;
  }

  /** Puts a value that nobody else ever puts. */
  put(key: string, patience: Patience = {}): Promise<void> {
    return this.#change((session, number) => {
      return { op: "put", session, number, key, value: `this is change ${number} of ${session}.` };
    }, patience);
  }

  add(key: string, amount: number, patience: Patience = {}): Promise<void> {
    return this.#change((session, number) => ({ op: "add", session, number, key, value: amount }), patience);
  }

  /** Reads keys, all at one moment. */
  async read(keys: readonly string[], patience: Patience = {}): Promise<void> {
    const number = ++this.#reads;
    const reads = keys.map((key) => ({ read: `${this.#host.name}/${number}/${key}`, key }));
    for (const read of reads) this.#host.emit("read.started", read);
    const { values } = await this.#ask({ op: "get", keys }, patience);
    if (values === null) return;
    for (const read of reads) this.#host.emit("read.ended", { ...read, value: values[read.key] ?? null });
  }

  /** A proxy on the way sends a change again that it had sent before, as proxies do; `back` counts from the last one. */
  async resend(back: number): Promise<void> {
    const mutation = this.#sent.at(-1 - back);
    if (mutation !== undefined) await this.#ask(mutation, { micros: 0 });
  }

  /** Makes the next change when the one before has ended. */
  #change(make: (session: string, number: number) => Mutation, patience: Patience): Promise<void> {
    this.#last = this.#last.then(() => this.#mutate(make(this.#host.name, ++this.#changes), patience));
    return this.#last;
  }

  async #mutate(mutation: Mutation, patience: Patience): Promise<void> {
    const { op, key, value } = mutation;
    const tell = (what: "started" | Outcome): void => this.#host.emit(`${op}.${what}`, { key, value });
    tell("started");
    const { values, isCertain } = await this.#ask(mutation, patience);
    if (values === null && isCertain) return tell("failed");
    this.#sent.push(mutation);
    return tell(values === null ? "unknown" : "acked");
  }

  /** Sends a request until it is answered or patience ends. */
  async #ask(request: Request, { micros = Infinity }: Patience): Promise<Asked> {
    const { clock } = this.#host;
    const until = clock.monotonic() + micros;
    let isCertain = true;
    do {
      try {
        const reply: Reply = await this.#host.call(`server:${port}`, { ...request }, { timeout: attemptTimeout });
        if (reply.ok) return { values: reply.values, isCertain };
        isCertain &&= reply.reason === "full";
      } catch (error) {
        if (!(error instanceof NetError)) throw error;
        isCertain &&= error.definite;
      }
      await this.#host.sleep(`${20 + this.#host.random(100)}ms`);
    } while (clock.monotonic() < until);
    return { values: null, isCertain };
  }
}
