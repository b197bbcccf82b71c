/**
 * All that can happen around forming cores. Faithful to the shell (engine/mesh/form-mesh.ts) and the network below it, up
 * to these reductions, each of which loses no behaviour of a core:
 *
 * - A dial is one step: accepted here, connected there, first word on its way. An acceptor that dies in between, or a
 *   dialer, looks to the other like one that dies right after.
 * - A connection that is closed by the very step that accepts it is a refused one: its dialer tries again, with nothing
 *   learned. What changes nothing is a step that leads nowhere.
 * - A formed member hears nothing but its bonded links: whatever its core takes no notice of is gone at once. The end of
 *   a connection in its handshake is heard at once (see `World`).
 * - A dial that is asked for twice is made once, and one of a pair waits while `backlog` connections of it are there.
 *
 * What time is assumed to do once faults have stopped; before that any delay is possible where `delays` says so:
 *
 * - What a process said, and the end of its connections, arrives before it begins its next attempt, or life (0.1 s and
 *   more, against milliseconds on the way); on a connection, before the handshake on it expires (3 s).
 * - A living peer is heard on a bonded link before it is taken for dead.
 * - A handshake that waits for the other process, not for the network, may expire at any moment (`anytime`), or when
 *   nothing else can happen (`last`).
 * - The clock of process 0 rises from each mint to the next, unless a fault sets it back, below epochs that others may
 *   still know. A `wild` one goes back before any attempt, without a fault.
 */
import type { FormingEvent } from "../../engine/mesh/forming.ts";
import type { Transition } from "../../explore/model.ts";
import type { End } from "./connection.ts";
import type { Member } from "./member.ts";
import { epochOf, ranksOfBits } from "./rank.ts";
import { codeOf, codeOfWord, sideOf, World, type Parts, type Place } from "./world.ts";

export type MeshFault = "crash" | "power loss" | "half-open" | "reset" | "phantom" | "clock jump";

export interface EnvironmentOptions {
  readonly timeouts: "last" | "anytime";
  /** Longer than no wait of the shell; than that before an attempt; than any. */
  readonly delays: "short" | "long" | "any";
  readonly faults: readonly MeshFault[];
  /** `steady` unless given. */
  readonly clock?: "steady" | "wild";
}

/** One step, as a story tells it. `link` names the connection. */
export interface MeshMove {
  readonly kind: "start" | "dial" | "refused" | "closed-at-once" | "word" | "end" | "expiry" | "silence" | MeshFault;
  readonly who: number;
  readonly peer: number;
  readonly link: number;
}

type Step = Transition<string, MeshMove>;

const noLink = -1;

/** Steps of a world of these parts. */
export class Environment {
  readonly #parts: Parts;
  readonly #options: EnvironmentOptions;
  readonly #hasClock: boolean;

  constructor(parts: Parts, options: EnvironmentOptions) {
    this.#parts = parts;
    this.#options = options;
    this.#hasClock = options.faults.includes("clock jump");
  }

  /** Every step out of a state. */
  enabled(state: string): readonly Step[] {
    const steps: Step[] = [];
    const timeouts: Step[] = [];
    const faults: Step[] = [];
    const world = World.of(this.#parts, state);
    for (let who = 0; who < this.#parts.size; who++) {
      const member = this.#parts.members.at(world.member(who));
      if (member.status === "down" || member.status === "waiting") this.#starts(world, who, steps);
      if (member.status === "down") continue;
      for (const place of this.#parts.of[who]!) this.#arrivals(world, who, member, place, steps, timeouts);
      this.#dials(state, world, who, member, steps, faults);
      this.#ends(world, who, faults);
    }
    this.#breaks(world, faults);
    if (this.#hasClock) this.#clockJumps(world, faults);
    const isQuiet = steps.every(({ next }) => next === state);
    const isPostponed = this.#options.timeouts === "last" && !isQuiet;
    for (const each of timeouts) {
      steps.push(isPostponed && each.nature === "ordinary" ? { ...each, nature: "postponed" } : each);
    }
    steps.push(...faults);
    return steps;
  }

  #starts(world: World, who: number, steps: Step[]): void {
    const nature = this.#isHeardOf(world, who) ? "untimely" : "ordinary";
    if (nature === "untimely" && this.#options.delays === "short") return;
    // Only process 0's mint is of any use. After its clock went back, a mint can be below epochs that are still known.
    const above = ranksOfBits(world.ranks()).length * 2 + 1;
    const isWild = this.#options.clock === "wild" && who === 0;
    const lowest = isWild ? 1 : this.#hasClock && who === 0 ? world.clock + 1 : above;
    for (let mint = lowest; mint <= above; mint += 2) {
      const after = world.copy();
      after.happen(who, codeOf("start", mint), () => ({ kind: "start", mint: epochOf(mint) }));
      if (this.#hasClock && who === 0) after.clock = mint;
      steps.push({ ...step({ kind: "start", who, peer: who, link: noLink }, after, who), nature });
    }
  }

  /** Whether something of a former life, or attempt, of a process is still under way. */
  #isHeardOf(world: World, who: number): boolean {
    return this.#parts.of[who]!.some((place) => {
      const end = world.otherEndOf(who, place);
      return end !== undefined && end.isHeld && (end.inbox.length > 0 || hasEnd(end));
    });
  }

  #arrivals(world: World, who: number, { status, core }: Member, place: Place, steps: Step[], timeouts: Step[]): void {
    const end = world.endOf(who, place);
    if (end === undefined || !end.isHeld) return;
    const { link } = place;
    const peer = place.dialer === who ? place.acceptor : place.dialer;
    const move = (kind: MeshMove["kind"]): MeshMove => ({ kind, who, peer, link });
    const message = end.inbox[0];
    if (message !== undefined) {
      const after = world.copy();
      after.change(who, place, "take");
      after.happen(who, codeOfWord(world.connection(place), place, sideOf(place, who)), () => ({
        kind: "message",
        link,
        message,
      }));
      steps.push(step(move("word"), after, actorOf(1, who, peer)));
    }
    if (end.tail === "reset" || (end.tail === "end" && message === undefined)) {
      const after = this.#lost(world, who, place, status === "formed" && core.links.includes(link));
      steps.push(step(move("end"), after, message === undefined ? actorOf(1, who, peer) : null));
    }
    const isUnderWay = message !== undefined || hasEnd(end) || (world.otherEndOf(who, place)?.inbox.length ?? 0) > 0;
    const isInHandshake = core.handshakes.has(link);
    const isPremature = isInHandshake ? isUnderWay : end.tail !== "silence" || message !== undefined;
    if (isPremature && this.#options.delays !== "any") return;
    const nature = isPremature ? "untimely" : "ordinary";
    if (isInHandshake) {
      const after = world.copy();
      after.happen(who, codeOf("expired", link), () => ({ kind: "handshake-expired", link }));
      timeouts.push({ ...step(move("expiry"), after, actorOf(2, who, peer)), nature });
    } else {
      const after = this.#lost(world, who, place, status === "formed" && core.links.includes(link));
      timeouts.push({ ...step(move("silence"), after, actorOf(2, who, peer)), nature });
    }
  }

  /** A process hears the end of a connection, or believes in it: of a formed mesh, that is the process's own end. */
  #lost(world: World, who: number, place: Place, isBondOfFormed: boolean): World {
    const { link } = place;
    const after = world.copy();
    if (isBondOfFormed) {
      after.end(who, "close");
      return after;
    }
    after.close(who, place);
    after.happen(who, codeOf("closed", link), () => ({ kind: "closed", link }));
    return after;
  }

  #dials(state: string, world: World, who: number, member: Member, steps: Step[], faults: Step[]): void {
    for (let peer = 0; peer < who; peer++) {
      if ((member.dials & (1 << peer)) === 0) continue;
      const place = this.#parts.of[who]!.find(
        (each) =>
          each.acceptor === peer && each.dialer === who && world.connection(each) === this.#parts.connections.none,
      );
      if (place === undefined) continue;
      const { status } = this.#parts.members.at(world.member(peer));
      if (this.#options.faults.includes("phantom")) {
        const after = world.copy();
        after.set(place, this.#parts.connections.phantom);
        this.#dialed(after, who, peer, place.link);
        faults.push({ ...step({ kind: "phantom", who, peer, link: place.link }, after, null), nature: "fault" });
      }
      const after = world.copy();
      if (status === "down") {
        after.setMember(who, this.#parts.members.withoutDial(world.member(who), peer));
        after.happen(who, codeOf("refused", peer), () => ({ kind: "dial-failed", peer }));
        steps.push(step({ kind: "refused", who, peer, link: noLink }, after, actorOf(3, who, peer)));
        continue;
      }
      steps.push(this.#dial(after, state, who, peer, place));
    }
  }

  #dial(after: World, state: string, who: number, peer: number, place: Place): Step {
    const { link } = place;
    after.set(place, this.#parts.connections.made);
    const accepted = after.happen(peer, codeOf("accepted", link), () => ({ kind: "accepted", link }));
    if (accepted.closes.includes(link)) {
      const { covers } = accepted;
      return {
        move: { kind: "closed-at-once", who, peer, link },
        next: state,
        nature: "ordinary",
        covers,
        actor: null,
      };
    }
    after.covers = this.#parts.both(accepted.covers, this.#dialed(after, who, peer, link));
    return step({ kind: "dial", who, peer, link }, after, actorOf(3, who, peer));
  }

  #dialed(after: World, who: number, peer: number, link: number): readonly string[] {
    after.setMember(who, this.#parts.members.withoutDial(after.member(who), peer));
    const event: FormingEvent = { kind: "dialed", peer, link };
    return after.happen(who, codeOf("dialed", link), () => event).covers;
  }

  /** The ends that processes come to. */
  #ends(world: World, who: number, faults: Step[]): void {
    for (const kind of ["crash", "power loss"] as const) {
      if (!this.#options.faults.includes(kind)) continue;
      const after = world.copy();
      after.end(who, kind === "crash" ? "break" : "vanish");
      faults.push({ ...step({ kind, who, peer: who, link: noLink }, after, null), nature: "fault" });
    }
  }

  /** What connections come to, though nobody died. */
  #breaks(world: World, faults: Step[]): void {
    for (const kind of ["half-open", "reset"] as const) {
      if (!this.#options.faults.includes(kind)) continue;
      for (const place of this.#parts.places) {
        const { dialer: who, acceptor: peer, link } = place;
        const ends = [world.endOf(who, place), world.endOf(peer, place)];
        if (!ends.every((end) => end !== undefined && end.isHeld && end.tail === "open")) continue;
        const after = world.copy();
        after.change(who, place, kind === "half-open" ? "cut" : "reset");
        faults.push({ ...step({ kind, who, peer, link }, after, null), nature: "fault" });
      }
    }
  }

  #clockJumps(world: World, faults: Step[]): void {
    for (let clock = 1; clock < world.clock; clock += 2) {
      const after = world.copy();
      after.clock = clock;
      faults.push({ ...step({ kind: "clock jump", who: 0, peer: 0, link: noLink }, after, null), nature: "fault" });
    }
  }
}

/** Whether the end of a connection is on its way here. */
function hasEnd({ tail }: End): boolean {
  return tail === "end" || tail === "reset";
}

function step(move: MeshMove, after: World, actor: number | null): Step {
  const next = after.settled();
  return { move, next, nature: "ordinary", covers: after.covers, actor };
}

/** One number for what one process does to another. */
function actorOf(what: number, who: number, peer: number): number {
  return what * 64 + who * 8 + peer;
}
