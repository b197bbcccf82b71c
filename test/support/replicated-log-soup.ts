/**
 * Three cores of the replicated log in a soup of messages: each step delivers one, loses one, doubles one, lets a clock
 * tick, finishes a write, or starts a replica again with what its disk holds. All clocks run at the same rate here. After
 * each step what Raft promises is checked on the states themselves; `broken` says what does not hold.
 */
import type { Policies } from "../../scenarios/examples/replicated-log/policies.ts";
import type { Entry, PeerAnswer, PeerRequest } from "../../scenarios/examples/replicated-log/messages.ts";
import { next } from "../../scenarios/examples/replicated-log/core.ts";
import { holdsLease } from "../../scenarios/examples/replicated-log/lease.ts";
import {
  startedState,
  type Context,
  type Effect,
  type ReplicaEvent,
  type ReplicaState,
} from "../../scenarios/examples/replicated-log/state.ts";

export interface SoupStep {
  readonly what: "deliver" | "tick" | "propose" | "flush" | "lose" | "double" | "restart";
  /** Which message or replica, modulo their number. */
  readonly which: number;
  /** µs that pass before. */
  readonly passes: number;
}

interface Message {
  readonly from: string;
  readonly to: string;
  readonly request: PeerRequest;
  readonly sentAt: number;
  /** Set on the way back. */
  readonly answer?: PeerAnswer;
}

interface Disk {
  readonly term: number;
  readonly votedFor: string | null;
  readonly log: readonly Entry[];
}

/** What waits for the log of a replica to reach the disk. */
interface Write {
  readonly keep: number;
  readonly entries: readonly Entry[];
  readonly answers: Message[];
}

const names = ["r1", "r2", "r3"];

export class Soup {
  readonly states = new Map<string, ReplicaState>();
  /** What is committed, as the first replica that said so had it. */
  readonly committed: Entry[] = [];
  broken: string | null = null;
  leadersCount = 0;
  readonly #policies: Policies;
  readonly #disks = new Map<string, Disk>();
  readonly #writes = new Map<string, Write[]>();
  readonly #leaders = new Map<number, string>();
  readonly #votes = new Map<string, string>();
  #messages: Message[] = [];
  #now = 1_000_000;
  #requests = 0;

  constructor(policies: Policies) {
    this.#policies = policies;
    for (const name of names) {
      this.#disks.set(name, { term: 0, votedFor: null, log: [] });
      this.#start(name);
    }
  }

  step({ what, which, passes }: SoupStep): void {
    this.#now += passes;
    const name = names[which % names.length]!;
    // Mostly one of the oldest, lest the soup get thicker and thicker.
    const reach = which < 90 ? Math.min(3, this.#messages.length) : this.#messages.length;
    const place = which % Math.max(1, reach);
    const message = this.#messages[place];
    if (what === "tick") this.#event(name, { kind: "ticked" }, which);
    else if (what === "propose") this.#propose(which);
    else if (what === "flush") this.#flush(name, which);
    else if (what === "restart") this.#start(name);
    else if (message !== undefined && what === "deliver") {
      this.#messages.splice(place, 1);
      this.#deliver(message, which);
    } else if (message !== undefined && what === "double") this.#messages.push(message);
    else if (message !== undefined && what === "lose") {
      this.#messages.splice(place, 1);
      if (message.answer === undefined) {
        this.#event(message.from, { kind: "lost", to: message.to, message: message.request }, which);
      }
    }
    this.#check();
  }

  #context(random: number): Context {
    return { now: this.#now, jitter: (random * 7_919) % 60_000, batch: 1, policies: this.#policies };
  }

  #start(name: string): void {
    const peers = names.filter((other) => other !== name);
    this.states.set(name, startedState(name, peers, this.#disks.get(name)!, this.#context(peers.length)));
    this.#writes.set(name, []);
  }

  #propose(random: number): void {
    const leaders = [...this.states.values()].filter(({ role }) => role === "leader");
    const leader = leaders[random % Math.max(1, leaders.length)];
    if (leader === undefined) return;
    const request = `c/${++this.#requests}`;
    this.#event(leader.me, { kind: "proposed", request, value: this.#requests }, random);
  }

  #deliver(message: Message, random: number): void {
    const { from, to, request, sentAt, answer } = message;
    if (answer !== undefined) {
      this.#event(from, { kind: "answered", from: to, message: request, sentAt, answer }, random);
    } else {
      this.#event(to, { kind: "asked", from, message: request }, random, message);
    }
  }

  #event(name: string, event: ReplicaEvent, random: number, asked?: Message): void {
    const before = this.states.get(name)!;
    const { state, effects } = next(before, event, this.#context(random));
    this.states.set(name, state);
    if (state.committed < before.committed) this.broken = `${name} takes back a commit`;
    for (const effect of effects) this.#perform(state, effect, asked);
  }

  #perform(state: ReplicaState, effect: Effect, asked: Message | undefined): void {
    const { me } = state;
    const writes = this.#writes.get(me)!;
    if (effect.kind === "save") this.#disks.set(me, { ...this.#disks.get(me)!, ...vote(effect) });
    if (effect.kind === "store") writes.push({ keep: effect.keep, entries: effect.entries, answers: [] });
    if (effect.kind === "send") {
      this.#messages.push({ from: me, to: effect.to, request: effect.message, sentAt: this.#now });
    }
    if (effect.kind === "apply") this.#apply(me, effect.index, effect.entry);
    if (effect.kind !== "answer" || asked === undefined) return;
    const answered = { ...asked, answer: effect.answer };
    if (asked.request.kind === "vote" && effect.answer.ok) this.#voted(me, effect.answer.term, asked.from);
    if (effect.after === "store" && writes.length > 0) writes.at(-1)!.answers.push(answered);
    else this.#messages.push(answered);
  }

  /** The oldest write of a replica reaches its disk. */
  #flush(name: string, random: number): void {
    const write = this.#writes.get(name)!.shift();
    if (write === undefined) return;
    const disk = this.#disks.get(name)!;
    const log = [...disk.log.slice(0, write.keep), ...write.entries];
    this.#disks.set(name, { ...disk, log });
    this.#messages.push(...write.answers);
    const last = write.entries.at(-1);
    if (last !== undefined) this.#event(name, { kind: "stored", length: log.length, term: last.term }, random);
  }

  #voted(voter: string, term: number, candidate: string): void {
    const known = this.#votes.get(`${voter} ${term}`) ?? candidate;
    this.#votes.set(`${voter} ${term}`, known);
    if (known !== candidate) this.broken = `${voter} voted twice in term ${term}`;
  }

  #apply(name: string, index: number, entry: Entry): void {
    const known = (this.committed[index - 1] ??= entry);
    if (known.term !== entry.term || known.request !== entry.request) {
      this.broken = `${name} applies another entry at ${index}`;
    }
  }

  #check(): void {
    const states = [...this.states.values()];
    for (const { me, term, role } of states) {
      if (role !== "leader") continue;
      if (!this.#leaders.has(term)) this.leadersCount++;
      const known = this.#leaders.get(term) ?? me;
      this.#leaders.set(term, known);
      if (known !== me) this.broken = `term ${term} has two leaders`;
    }
    const latest = Math.max(0, ...this.#leaders.keys());
    for (const state of states) {
      if (state.term < latest && holdsLease(state, this.#context(0))) this.broken = `${state.me} holds an old lease`;
      for (const other of states) if (!match(state.log, other.log)) this.broken = "logs differ behind an equal entry";
    }
  }
}

function vote({ term, votedFor }: { term: number; votedFor: string | null }) {
  return { term, votedFor };
}

/** Log matching: where two logs have an entry of one term at one place, they are equal up to there. */
function match(a: readonly Entry[], b: readonly Entry[]): boolean {
  let isEqual = true;
  for (let place = 0; place < Math.min(a.length, b.length); place++) {
    const isSame = a[place]!.term === b[place]!.term && a[place]!.request === b[place]!.request;
    if (a[place]!.term === b[place]!.term && !(isSame && isEqual)) return false;
    isEqual &&= isSame;
  }
  return true;
}
