/**
 * A replica at work: the shell around `core.ts`, which does what the core wants done and tells it what happened. It
 * decides nothing, with one exception: while a vote is being written time stands still for it, lest it stand for one
 * election after the other.
 */
import { NetError, type Host } from "wavetank";
import { next } from "./core.ts";
import { Ledger } from "./ledger.ts";
import { holdsLease, mayRead } from "./lease.ts";
import { port, type ClientAnswer, type ClientRequest, type PeerAnswer, type PeerRequest } from "./messages.ts";
import type { Policies } from "./policies.ts";
import { startedState, type Context, type Effect, type ReplicaEvent, type ReplicaState } from "./state.ts";
import { nameOf, Storage } from "./storage.ts";
import { lasting, timing } from "./timing.ts";

export interface ReplicaSettings {
  readonly replicas: readonly string[];
  /** So many entries at most go into one message. */
  readonly batch: number;
  readonly policies: Policies;
}

interface Waiting {
  readonly term: number;
  readonly answer: (answer: ClientAnswer) => void;
}

/** What is asked of a replica before it has read its disk. */
class NotReadyError extends Error {
  readonly code = "ENOTREADY";
}

export class Replica {
  readonly #host: Host;
  readonly #settings: ReplicaSettings;
  readonly #storage: Storage;
  readonly #ledger: Ledger;
  /** Clients that wait for an entry to be applied, by its index. */
  readonly #waiting = new Map<number, Waiting>();
  #state: ReplicaState | null = null;

  constructor(host: Host, settings: ReplicaSettings) {
    this.#host = host;
    this.#settings = settings;
    this.#storage = new Storage(host, settings.policies, () => this.#step({ kind: "disk-filled" }));
    this.#ledger = new Ledger(settings.policies);
  }

  async recover(): Promise<void> {
    const durable = await this.#storage.recover();
    const peers = this.#settings.replicas.filter((name) => name !== this.#host.name);
    this.#state = startedState(this.#host.name, peers, durable, this.#context());
  }

  tick(): void {
    if (this.#storage.savesCount > 0) return;
    this.#step({ kind: "ticked" });
    this.#tellLease();
  }

  async handle(request: PeerRequest | ClientRequest, from: string): Promise<PeerAnswer | ClientAnswer> {
    if (this.#state === null) throw new NotReadyError();
    if (request.kind === "read") return this.#read();
    if (request.kind === "append") return this.#append(request.request, request.value);
    const effects = this.#step({ kind: "asked", from, message: request });
    const answer = effects.find((effect) => effect.kind === "answer")!;
    await (answer.after === "store" ? Promise.all([this.#storage.saved, this.#storage.stored]) : this.#storage.saved);
    return answer.answer;
  }

  #read(): ClientAnswer {
    this.#tellLease();
    if (!mayRead(this.#current, this.#context())) return this.#refusal();
    return { ok: true, term: this.#current.term, values: this.#ledger.values };
  }

  #append(request: string, value: number): ClientAnswer | Promise<ClientAnswer> {
    const position = this.#ledger.positionOf(request);
    if (position !== undefined) {
      this.#host.emit("append.deduplicated", { request });
      return { ok: true, term: this.#current.term, position };
    }
    if (this.#current.role !== "leader") return this.#refusal();
    this.#step({ kind: "proposed", request, value });
    const { term, log } = this.#current;
    return new Promise((resolve) => this.#waiting.set(log.length, { term, answer: resolve }));
  }

  #refusal(): ClientAnswer {
    const { term, leader, role } = this.#current;
    return { ok: false, term, leader, leads: role === "leader" };
  }

  #step(event: ReplicaEvent): readonly Effect[] {
    const { state, effects } = next(this.#current, event, this.#context());
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
    if (state.role !== "leader") this.#dismiss();
    return effects;
  }

  #perform(effect: Effect): void {
    switch (effect.kind) {
      case "save":
        return void this.#storage.saveVote(effect.term, effect.votedFor);
      case "store":
        return void this.#store(effect);
      case "send":
        return void this.#send(effect);
      case "apply":
        return this.#apply(effect);
      case "tell":
        return this.#tell(effect.what, { term: effect.term, at: new Date().toISOString() });
      case "answer":
        // Whoever handles the request sends it.
        return;
    }
  }

  async #store({ keep, entries }: Extract<Effect, { kind: "store" }>): Promise<void> {
    await this.#storage.store(keep, entries);
    const last = entries.at(-1);
    if (last !== undefined) this.#step({ kind: "stored", length: keep + entries.length, term: last.term });
  }

  async #send({ to, message, after }: Extract<Effect, { kind: "send" }>): Promise<void> {
    if (after === "save") await this.#storage.saved;
    const sentAt = this.#host.clock.monotonic();
    let answer: PeerAnswer;
    try {
      answer = await this.#host.call(`${to}:${port}`, message, { timeout: lasting(timing.call) });
    } catch (error) {
      if (!(error instanceof NetError)) throw error;
      this.#step({ kind: "lost", to, message });
      this.#tellLease();
      return;
    }
    this.#step({ kind: "answered", from: to, message, sentAt, answer });
  }

  #apply({ index, entry }: Extract<Effect, { kind: "apply" }>): void {
    const { position, isFirst } = this.#ledger.apply(entry);
    if (position > 0 && !isFirst) this.#host.emit("append.deduplicated", { request: entry.request });
    this.#tell("entry.applied", { index, entry: nameOf(entry), value: entry.value, position, isFirst });
    const waiting = this.#waiting.get(index);
    this.#waiting.delete(index);
    const { term } = this.#current;
    waiting?.answer(waiting.term === entry.term ? { ok: true, term, position } : this.#refusal());
  }

  /** Clients that wait for one who leads no more: what became of their entries they must ask the next leader. */
  #dismiss(): void {
    for (const { answer } of this.#waiting.values()) answer(this.#refusal());
    this.#waiting.clear();
  }

  #tellLease(): void {
    if (holdsLease(this.#current, this.#context())) this.#tell("lease.held", { term: this.#current.term });
  }

  #tell(what: string, data: { readonly [name: string]: number | string | boolean }): void {
    this.#host.emit(what, { replica: this.#host.process, ...data });
  }

  get #current(): ReplicaState {
    if (this.#state === null) throw new NotReadyError();
    return this.#state;
  }

  #context(): Context {
    const { policies, batch } = this.#settings;
    return { now: this.#host.clock.monotonic(), jitter: this.#host.random(timing.spread), batch, policies };
  }
}
