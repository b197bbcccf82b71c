/**
 * A state of the world: who is what, and which connections there are. As text it is one character for each member and for
 * each place that a connection can have, and one for the clock; a copy of numbers while a step changes it.
 */
import type { FormingCore, FormingEvent, FormingMessage } from "../../engine/mesh/forming.ts";
import { concern, Connections, opposite, type End, type Operation, type Side } from "./connection.ts";
import { isDense, rankBit, ranksOfBits } from "./rank.ts";
import { Members, type MemberStep } from "./member.ts";

/** Where a connection between two members can be. Its number is what both cores call it. */
export interface Place {
  readonly link: number;
  readonly dialer: number;
  readonly acceptor: number;
}

/** How large the world is. */
export interface Extent {
  readonly size: number;
  /** Connections of two members at a time that somebody still has: a dial waits for room. */
  readonly backlog: number;
}

/** The parts of all states of one exploration. */
export class Parts {
  readonly size: number;
  readonly members: Members;
  readonly connections = new Connections();
  readonly places: readonly Place[];
  /** Places by member. */
  readonly of: readonly (readonly Place[])[];
  readonly #lists = new Map<readonly string[], Map<readonly string[], readonly string[]>>();

  constructor(core: FormingCore, { size, backlog }: Extent) {
    this.size = size;
    this.members = new Members(core, size);
    const places: Place[] = [];
    for (let acceptor = 0; acceptor < size; acceptor++) {
      for (let dialer = acceptor + 1; dialer < size; dialer++) {
        for (let count = 0; count < backlog; count++) places.push({ link: places.length, dialer, acceptor });
      }
    }
    this.places = places;
    this.of = Array.from({ length: size }, (_, index) =>
      places.filter(({ dialer, acceptor }) => dialer === index || acceptor === index),
    );
  }

  /** One list for two, so that whoever counts them can tell by the list. */
  both(first: readonly string[], second: readonly string[]): readonly string[] {
    const lists = this.#lists.get(first) ?? new Map<readonly string[], readonly string[]>();
    this.#lists.set(first, lists);
    let list = lists.get(second);
    if (list === undefined) lists.set(second, (list = [...first, ...second]));
    return list;
  }

  /** Nobody is there yet. */
  get nothing(): string {
    const members = Array.from({ length: this.size }, (_, index) => this.members.down(index));
    return String.fromCharCode(...members, ...this.places.map(() => this.connections.none), 0);
  }
}

/** The side of a connection that a member has. */
export function sideOf({ dialer }: Place, member: number): Side {
  return dialer === member ? "dialer" : "acceptor";
}

/**
 * What can happen to a member as a number: `kind` of the event on a link, or with a peer, or of a mint; the first word on
 * its way to one side of a connection, or the end of that.
 */
export function codeOf(
  kind: "start" | "dialed" | "accepted" | "closed" | "expired" | "refused",
  about: number,
): number {
  return about * 8 + kinds.indexOf(kind);
}

/** See `codeOf`. */
export function codeOfWord(connection: number, { link }: Place, side: Side): number {
  return ((connection * 32 + link) * 2 + (side === "dialer" ? 1 : 0)) * 8 + 7;
}

const kinds = ["start", "dialed", "accepted", "closed", "expired", "refused"] as const;

/** One state, to be read and changed. */
export class World {
  readonly #parts: Parts;
  readonly #numbers: number[];
  /** Names of core transitions of the last step. */
  covers: readonly string[] = nothing;

  private constructor(parts: Parts, numbers: number[]) {
    this.#parts = parts;
    this.#numbers = numbers;
  }

  /** The state that a text stands for. */
  static of(parts: Parts, state: string): World {
    const numbers: number[] = [];
    for (let index = 0; index < state.length; index++) numbers.push(state.charCodeAt(index));
    return new World(parts, numbers);
  }

  /** The same once more, to be changed. */
  copy(): World {
    return new World(this.#parts, this.#numbers.slice());
  }

  member(index: number): number {
    return this.#numbers[index]!;
  }

  /** Rank of process 0's last mint, where its clock can go back; else 0. */
  get clock(): number {
    return this.#numbers.at(-1)!;
  }

  set clock(rank: number) {
    this.#numbers[this.#numbers.length - 1] = rank;
  }

  connection(place: Place): number {
    return this.#numbers[this.#parts.size + place.link]!;
  }

  set(place: Place, connection: number): void {
    this.#numbers[this.#parts.size + place.link] = connection;
  }

  setMember(index: number, member: number): void {
    this.#numbers[index] = member;
  }

  /** Hands an event to a member and does what its core asks for. */
  happen(index: number, code: number, event: () => FormingEvent): MemberStep {
    const step = this.#parts.members.step(this.member(index), code, event);
    this.covers = step.covers;
    this.setMember(index, step.member);
    for (const { link, message } of step.sends) this.#send(index, this.#parts.places[link]!, message);
    for (const link of step.closes) this.close(index, this.#parts.places[link]!);
    if (step.hasFailed) for (const place of this.#parts.of[index]!) this.close(index, place);
    if (step.hasFormed) this.#formed(index);
    return step;
  }

  /** Something happens to a connection at a member's side. */
  change(index: number, place: Place, operation: Operation): void {
    this.set(place, this.#parts.connections.after(this.connection(place), sideOf(place, index), operation));
  }

  close(index: number, place: Place): void {
    this.change(index, place, "close");
  }

  /** The process ends, which changes its connections like this. */
  end(index: number, operation: "close" | "break" | "vanish"): void {
    const { members, of } = this.#parts;
    this.setMember(index, members.down(index));
    for (const place of of[index]!) this.change(index, place, operation);
  }

  /** The state as text, when everything that makes no difference is settled. */
  settled(): string {
    this.#tidy();
    this.#rank();
    return String.fromCharCode(...this.#numbers);
  }

  #send(index: number, place: Place, message: FormingMessage): void {
    this.set(place, this.#parts.connections.sent(this.connection(place), sideOf(place, index), message));
  }

  /** Who counts a link that is dead ends at once. */
  #formed(index: number): void {
    const { connections, members, places } = this.#parts;
    for (const link of members.at(this.member(index)).core.links) {
      if (link === null) continue;
      const place = places[link]!;
      if (connections.at(this.connection(place))?.[sideOf(place, index)].isHeld !== true)
        return this.end(index, "close");
    }
  }

  #tidy(): void {
    const { connections, members, places } = this.#parts;
    for (const place of places) {
      const concerns = connections.concernsOf(this.connection(place));
      if (concerns === 0) continue;
      if ((concerns & concern.dialerEnded) !== 0) this.#abandon(place.dialer, place);
      if ((concerns & concern.acceptorEnded) !== 0) this.#abandon(place.acceptor, place);
      if ((concerns & concern.dialerHears) !== 0) this.#swallow(place.dialer, place);
      if ((concerns & concern.acceptorHears) !== 0) this.#swallow(place.acceptor, place);
      if (connections.concernsOf(this.connection(place)) !== concern.nobodyHolds) continue;
      const known = members.linksOf(this.member(place.dialer)) | members.linksOf(this.member(place.acceptor));
      this.set(place, (known & (1 << place.link)) === 0 ? connections.none : connections.husk);
    }
  }

  /**
   * The end of a connection that is in its handshake yet, and has nothing more to say, is heard at once. Whatever else
   * happens to the member before does the same with or without it: no answer over it arrives, its own time-out and the
   * end of the attempt take it away as well, and no mesh is complete while its dialer waits for it.
   */
  #abandon(index: number, place: Place): void {
    const { connections, members } = this.#parts;
    const side = sideOf(place, index);
    const number = this.connection(place);
    const { isHeld, inbox, tail } = connections.at(number)![side];
    if (!isHeld || inbox.length > 0 || (tail !== "end" && tail !== "reset")) return;
    const before = members.at(this.member(index));
    const handshake = before.core.handshakes.get(place.link);
    if (handshake === undefined) return;
    const step = members.step(this.member(index), codeOf("closed", place.link), () => ({
      kind: "closed",
      link: place.link,
    }));
    const { status, core } = members.at(step.member);
    const isSame =
      core.epoch === before.core.epoch && core.links.every((link, peer) => link === before.core.links[peer]);
    if (status !== before.status || !isSame || step.sends.length > 0 || step.closes.length > 0) return;
    this.setMember(index, step.member);
    this.set(place, connections.after(number, side, "close"));
    this.covers = this.#parts.both(this.covers, step.covers);
  }

  /** What a formed member would take no notice of is nothing: nothing about it can change while it lives. */
  #swallow(index: number, place: Place): void {
    const { connections, members } = this.#parts;
    const { status, core } = members.at(this.member(index));
    if (status !== "formed" || core.links.includes(place.link)) return;
    const side = sideOf(place, index);
    for (;;) {
      const number = this.connection(place);
      const { isHeld, inbox, tail } = connections.at(number)![side];
      if (!isHeld) return;
      const message = inbox[0];
      if (message === undefined && tail !== "end" && tail !== "reset") return;
      const event: FormingEvent =
        message === undefined ? { kind: "closed", link: place.link } : { kind: "message", link: place.link, message };
      if (!members.step(this.member(index), codeOfWord(number, place, side), () => event).isNothing) return;
      this.set(place, connections.after(number, side, message === undefined ? "close" : "take"));
    }
  }

  /** Ranks of all epochs that are known or under way, as bits. */
  ranks(): number {
    const { connections, members, places, size } = this.#parts;
    let bits = this.clock > 0 ? rankBit(this.clock) : 0;
    for (let index = 0; index < size; index++) bits |= members.ranksOf(this.member(index));
    for (const place of places) bits |= connections.ranksOf(this.connection(place));
    return bits;
  }

  #rank(): void {
    const bits = this.ranks();
    if (isDense(bits)) return;
    const { connections, members, places, size } = this.#parts;
    const order = ranksOfBits(bits);
    const rank = (old: number): number => (order.indexOf(old) + 1) * 2;
    if (this.clock > 0) this.clock = rank(this.clock);
    for (let index = 0; index < size; index++) {
      const member = this.member(index);
      if (members.ranksOf(member) !== 0) this.setMember(index, members.reranked(member, rank, bits));
    }
    for (const place of places) {
      const number = this.connection(place);
      if (connections.ranksOf(number) !== 0) this.set(place, connections.reranked(number, rank, bits));
    }
  }

  /** What is held at this side of a connection; undefined when there is none. */
  endOf(index: number, place: Place): End | undefined {
    return this.#parts.connections.at(this.connection(place))?.[sideOf(place, index)];
  }

  otherEndOf(index: number, place: Place): End | undefined {
    return this.#parts.connections.at(this.connection(place))?.[opposite(sideOf(place, index))];
  }
}

const nothing: readonly string[] = [];
