/**
 * The store: the log on disk, and in memory what it amounts to. Changes take turns to be appended and are durable, visible
 * and answered in groups. Memory holds only what is durable, so reads wait for nothing.
 */
import { DiskError, type Host } from "wavetank";
import { GroupCommit } from "./group-commit.ts";
import { formatRecord, readLog } from "./log.ts";
import type { Answer, Policies } from "./policies.ts";
import type { Mutation, Reply, Request, Value } from "./protocol.ts";
import { Turns } from "./turns.ts";

const file = "kv.log";

export class Store {
  readonly #host: Host;
  readonly #policies: Policies;
  readonly #turns = new Turns();
  readonly #group: GroupCommit;
  readonly #data = new Map<string, Value>();
  /** The last change of each session. */
  #sessions: Map<string, Answer> = new Map();

  constructor(host: Host, policies: Policies) {
    this.#host = host;
    this.#policies = policies;
    this.#group = new GroupCommit(host, () => this.#sync());
  }

  /** Reads the log, cuts off what is left of a torn line and performs the rest. */
  async recover(): Promise<void> {
    const { disk } = this.#host;
    const text = await this.#trusted(disk.readText(file));
    const { records, length } = readLog(text, this.#policies.isWhole);
    await this.#policies.settleTail({
      cut: async () => {
        if (length === text.length) return;
        this.#host.emit("tail.cut", { from: text.length, to: length });
        await this.#trusted(disk.truncate(file, length));
      },
      sync: () => this.#sync(),
    });
    const answers = new Map<string, Answer>();
    for (const { mutation } of this.#policies.replayOrder(records)) {
      const { session, number } = mutation;
      answers.set(session, { number, reply: Promise.resolve(this.#apply(mutation)) });
    }
    this.#sessions = this.#policies.knownSessions(answers);
  }

  async handle(request: Request): Promise<Reply> {
    if (request.op === "get") return this.#read(request.keys);
    const turns = this.#policies.queueFor(request, this.#turns);
    await turns.take();
    const answer = await this.#decide(request, turns);
    return answer.reply;
  }

  /** Ends when all changes that have begun are durable; none can begin any more. */
  async finish(): Promise<void> {
    await this.#turns.take();
    await this.#group.durable();
  }

  async #decide(mutation: Mutation, turns: Turns): Promise<Answer> {
    const { session, number } = mutation;
    const last = this.#sessions.get(session);
    const fate = this.#policies.fateOf(number, last);
    const answer = fate === "new" ? await this.#begin(mutation) : last!;
    this.#policies.passTurn(turns, fate);
    if (fate !== "new") this.#host.emit(`request.${fate}`, { session, number });
    return fate === "stale" ? refusal(number, "stale") : answer;
  }

  /** Appends a change to the log; it is answered when it is durable. */
  async #begin(mutation: Mutation): Promise<Answer> {
    const { session, number } = mutation;
    try {
      await this.#trusted(this.#host.disk.append(file, formatRecord({ at: Date.now(), mutation })));
    } catch (error) {
      if (!(error instanceof DiskError) || error.code !== "ENOSPC") throw error;
      this.#host.emit("disk.no-room", { session, number });
      return refusal(number, "full");
    }
    const reply = this.#policies.finish({
      durable: () => this.#group.durable(),
      apply: () => this.#apply(mutation),
    });
    this.#sessions.set(session, { number, reply });
    return { number, reply };
  }

  #read(keys: readonly string[]): Reply {
    return { ok: true, values: Object.fromEntries(keys.map((key) => [key, this.#data.get(key) ?? null])) };
  }

  #apply({ op, key, value }: Mutation): Reply {
    const now = op === "put" ? value : Number(this.#data.get(key) ?? 0) + value;
    this.#data.set(key, now);
    return { ok: true, values: { [key]: now } };
  }

  #sync(): Promise<void> {
    return this.#trusted(this.#host.disk.sync(file));
  }

  /** After an input/output error nobody knows what the disk holds, and asking again does not tell: start anew. */
  async #trusted<T>(operation: Promise<T>): Promise<T> {
    try {
      return await operation;
    } catch (error) {
      if (error instanceof DiskError && error.code === "EIO") this.#host.exit(1, "disk");
      throw error;
    }
  }
}

function refusal(number: number, reason: "full" | "stale"): Answer {
  return { number, reply: Promise.resolve({ ok: false, reason }) };
}
