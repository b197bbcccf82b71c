/**
 * One connection between two members, as a value. Each direction is first in, first out; behind the last word comes the
 * end of it, or silence: from a machine that lost its power, over a way that the network forgot, or from a proxy that
 * accepted for nobody.
 */
import type { FormingMessage } from "../../engine/mesh/forming.ts";
import { Pool } from "./pool.ts";
import { ranksIn, reranked } from "./rank.ts";

export type Side = "dialer" | "acceptor";

export interface End {
  /** Whether its process still has it. */
  readonly isHeld: boolean;
  /** On the way to it. */
  readonly inbox: readonly FormingMessage[];
  /**
   * What comes behind that: more, the end, or nothing ever again. A `reset` is an end that may overtake the words before
   * it: the answer to words that met no process any more.
   */
  readonly tail: "open" | "end" | "reset" | "silence";
}

export type Connection = Readonly<Record<Side, End>>;

const letGo: End = { isHeld: false, inbox: [], tail: "open" };
const fresh: End = { isHeld: true, inbox: [], tail: "open" };

/** An end with nothing but the end on its way, or with anything; a connection that nobody has any more. */
export const concern = {
  dialerEnded: 1,
  acceptorEnded: 2,
  dialerHears: 4,
  acceptorHears: 8,
  nobodyHolds: 16,
} as const;

/** The other side. */
export function opposite(side: Side): Side {
  return side === "dialer" ? "acceptor" : "dialer";
}

const operations = ["close", "break", "vanish", "take", "reset", "cut"] as const;
export type Operation = (typeof operations)[number];

/** Connections by number; 0 is none, 1 is one that nobody has any more and somebody still remembers. */
export class Connections {
  readonly #pool = new Pool<Connection | null>();
  readonly #results: Record<Side, Map<number, number>> = { dialer: new Map(), acceptor: new Map() };
  readonly #sent: Record<Side, Map<FormingMessage, number>[]> = { dialer: [], acceptor: [] };
  readonly #ranks: number[] = [];
  readonly #concerns: number[] = [];
  readonly #reranked = new Map<string, number>();
  readonly none: number;
  readonly husk: number;
  readonly made: number;
  /** Accepted by a proxy, behind which is nobody. */
  readonly phantom: number;

  constructor() {
    this.none = this.#pool.numberOf(null);
    this.husk = this.#pool.numberOf({ dialer: letGo, acceptor: letGo });
    this.made = this.#pool.numberOf({ dialer: fresh, acceptor: fresh });
    this.phantom = this.#pool.numberOf({ dialer: { ...fresh, tail: "silence" }, acceptor: letGo });
  }

  /** Null when there is none. */
  at(number: number): Connection | null {
    return this.#pool.at(number);
  }

  numberOf({ dialer, acceptor }: Connection): number {
    return this.#pool.numberOf({ dialer: settled(dialer), acceptor: settled(acceptor) });
  }

  /** What may be settled about a connection, as bits. */
  concernsOf(number: number): number {
    let bits = this.#concerns[number];
    if (bits === undefined) this.#concerns[number] = bits = concernsIn(this.at(number));
    return bits;
  }

  /** Ranks of the epochs under way, as bits. */
  ranksOf(number: number): number {
    let ranks = this.#ranks[number];
    if (ranks === undefined) this.#ranks[number] = ranks = ranksIn(this.at(number));
    return ranks;
  }

  /** The same with other ranks; `key` tells one way of ranking from another. */
  reranked(number: number, rank: (old: number) => number, key: number): number {
    const name = `${number} ${key}`;
    let result = this.#reranked.get(name);
    if (result === undefined) {
      result = this.#pool.numberOf(reranked(this.at(number), rank));
      this.#reranked.set(name, result);
    }
    return result;
  }

  /** Words from `side`. When nobody is there any more to hear them, that comes back. */
  sent(number: number, side: Side, message: FormingMessage): number {
    const sent = (this.#sent[side][number] ??= new Map());
    let result = sent.get(message);
    if (result === undefined) sent.set(message, (result = this.#send(number, side, message)));
    return result;
  }

  #send(number: number, side: Side, message: FormingMessage): number {
    const connection = this.at(number);
    const to = connection?.[opposite(side)];
    if (connection === null || to === undefined || !connection[side].isHeld) return number;
    const from = connection[side];
    if (from.tail === "end") return this.numberOf({ ...connection, [side]: { ...from, tail: "reset" } });
    if (!to.isHeld || to.tail !== "open") return number;
    return this.numberOf({ ...connection, [opposite(side)]: { ...to, inbox: [...to.inbox, message] } });
  }

  /**
   * `close`: the process at `side` lets go of its end, which the other hears behind all that was said. `break`: the same
   * of a process that died, perhaps before all of that was on its way. `vanish`: the other hears nothing. `take`: the first word has arrived at `side`. `reset`: the network tells both that it is over. `cut`: it
   * forgets the way, both ways, and tells nobody.
   */
  after(number: number, side: Side, operation: Operation): number {
    const key = number * 8 + operations.indexOf(operation);
    const known = this.#results[side].get(key);
    if (known !== undefined) return known;
    const connection = this.at(number);
    const result = connection === null ? number : this.numberOf(operate(connection, side, operation));
    this.#results[side].set(key, result);
    return result;
  }
}

function concernsIn(connection: Connection | null): number {
  if (connection === null) return 0;
  const { dialer, acceptor } = connection;
  if (!dialer.isHeld && !acceptor.isHeld) return concern.nobodyHolds;
  const hasEnded = ({ isHeld, inbox, tail }: End): boolean =>
    isHeld && inbox.length === 0 && (tail === "end" || tail === "reset");
  const hears = (end: End): boolean => hasEnded(end) || (end.isHeld && end.inbox.length > 0);
  return (
    (hasEnded(dialer) ? concern.dialerEnded : 0) |
    (hasEnded(acceptor) ? concern.acceptorEnded : 0) |
    (hears(dialer) ? concern.dialerHears : 0) |
    (hears(acceptor) ? concern.acceptorHears : 0)
  );
}

/** An end that has nothing to overtake is like any other. */
function settled(end: End): End {
  return end.tail === "reset" && end.inbox.length === 0 ? { ...end, tail: "end" } : end;
}

function operate(connection: Connection, side: Side, operation: Operation): Connection {
  const other = opposite(side);
  const mine = connection[side];
  const theirs = connection[other];
  const told = (tail: End["tail"]): End => (theirs.isHeld && theirs.tail === "open" ? { ...theirs, tail } : theirs);
  switch (operation) {
    case "close":
      return mine.isHeld ? withEnds(side, letGo, told(mine.inbox.length > 0 ? "reset" : "end")) : connection;
    case "break":
      return mine.isHeld ? withEnds(side, letGo, told("reset")) : connection;
    case "vanish":
      return mine.isHeld ? withEnds(side, letGo, told("silence")) : connection;
    case "take":
      return withEnds(side, { ...mine, inbox: mine.inbox.slice(1) }, theirs);
    case "reset":
      return withEnds(side, { ...mine, tail: "reset" }, { ...theirs, tail: "reset" });
    case "cut":
      return withEnds(side, { ...mine, tail: "silence" }, { ...theirs, tail: "silence" });
  }
}

function withEnds(side: Side, mine: End, theirs: End): Connection {
  return side === "dialer" ? { dialer: mine, acceptor: theirs } : { dialer: theirs, acceptor: mine };
}
