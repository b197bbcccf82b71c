/**
 * One member of a replica: its core, and what the shell around it (engine/mesh/form-mesh.ts) knows besides. Steps of the
 * core are remembered, since an exploration takes each of them thousands of times.
 */
import type { FormingCore, FormingEvent, FormingMessage, FormingState } from "../../engine/mesh/forming.ts";
import { transitionName } from "./coverage.ts";
import { Pool } from "./pool.ts";
import { ranksIn, reranked } from "./rank.ts";

export interface Member {
  /** `waiting`: between two attempts. */
  readonly status: "down" | "waiting" | "forming" | "formed";
  readonly core: FormingState;
  /** Lower members that it will dial, as bits. */
  readonly dials: number;
}

/** What a step of a core comes to. */
export interface MemberStep {
  readonly member: number;
  readonly sends: readonly { readonly link: number; readonly message: FormingMessage }[];
  readonly closes: readonly number[];
  readonly hasFailed: boolean;
  readonly hasFormed: boolean;
  /** The core took no notice. */
  readonly isNothing: boolean;
  /** The core's transition. */
  readonly covers: readonly string[];
}

/** Members by number. */
export class Members {
  readonly #core: FormingCore;
  readonly #pool = new Pool<Member>();
  /** By member, and what happens to it. */
  readonly #steps: Map<number, MemberStep>[] = [];
  readonly #reranked = new Map<string, number>();
  readonly #ranks: number[] = [];
  readonly #links: number[] = [];
  readonly #withoutDials = new Map<number, number>();
  readonly #names = new Map<string, readonly string[]>();
  readonly #down: readonly number[];

  constructor(core: FormingCore, size: number) {
    this.#core = core;
    this.#down = Array.from({ length: size }, (_, index) =>
      this.#pool.numberOf({ status: "down", core: core.initial(index, size), dials: 0 }),
    );
  }

  at(number: number): Member {
    return this.#pool.at(number);
  }

  /** A member that is not there. */
  down(index: number): number {
    return this.#down[index]!;
  }

  /** Ranks of the epochs that it knows, as bits. */
  ranksOf(number: number): number {
    let ranks = this.#ranks[number];
    if (ranks === undefined) this.#ranks[number] = ranks = ranksIn(this.at(number).core);
    return ranks;
  }

  /** Links that its core knows of, as bits: whatever became of them, their numbers cannot be given to others. */
  linksOf(number: number): number {
    const known = this.#links[number];
    if (known !== undefined) return known;
    const { links, handshakes } = this.at(number).core;
    let bits = 0;
    for (const link of [...links, ...handshakes.keys()]) if (link !== null) bits |= 1 << link;
    this.#links[number] = bits;
    return bits;
  }

  /** It has given up dialing a member, because that is happening now. */
  withoutDial(number: number, peer: number): number {
    const key = number * 8 + peer;
    const known = this.#withoutDials.get(key);
    if (known !== undefined) return known;
    const member = this.at(number);
    const result = this.#pool.numberOf({ ...member, dials: member.dials & ~(1 << peer) });
    this.#withoutDials.set(key, result);
    return result;
  }

  /** The same with other ranks; `key` tells one way of ranking from another. */
  reranked(number: number, rank: (old: number) => number, key: number): number {
    const name = `${number} ${key}`;
    let result = this.#reranked.get(name);
    if (result === undefined) {
      const member = this.at(number);
      result = this.#pool.numberOf({ ...member, core: reranked(member.core, rank) });
      this.#reranked.set(name, result);
    }
    return result;
  }

  /** What an event does to a member that lives, or to one that starts. `code` tells events apart. */
  step(number: number, code: number, event: () => FormingEvent): MemberStep {
    const steps = (this.#steps[number] ??= new Map());
    let step = steps.get(code);
    if (step === undefined) steps.set(code, (step = this.#take(number, event())));
    return step;
  }

  #take(number: number, event: FormingEvent): MemberStep {
    const member = this.at(number);
    const [core, effects] = this.#core.next(member.core, event);
    let { dials } = event.kind === "start" ? { dials: 0 } : member;
    const sends = [];
    const closes = [];
    let hasFailed = false;
    let hasFormed = false;
    for (const effect of effects) {
      if (effect.kind === "dial") dials |= 1 << effect.peer;
      else if (effect.kind === "send") sends.push({ link: effect.link, message: effect.message });
      else if (effect.kind === "close") closes.push(effect.link);
      else if (effect.kind === "failed") hasFailed = true;
      else if (effect.kind === "formed") hasFormed = true;
    }
    const status = hasFailed ? "waiting" : hasFormed || core.phase === "formed" ? "formed" : "forming";
    const after = this.#pool.numberOf({
      status: core.phase === "idle" ? "waiting" : status,
      core,
      dials: hasFailed ? 0 : dials,
    });
    const isNothing = effects.length === 0 && after === number;
    const covers = this.#listed(transitionName(member.core, event, effects));
    return { member: after, sends, closes, hasFailed, hasFormed, isNothing, covers };
  }

  /** One list for each name, so that whoever counts them can tell by the list. */
  #listed(name: string): readonly string[] {
    let list = this.#names.get(name);
    if (list === undefined) this.#names.set(name, (list = [name]));
    return list;
  }
}
