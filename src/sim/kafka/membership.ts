/**
 * Who is up, as one broker sees it: peers whose beats stand still for several of its ticks in a row are taken for dead,
 * and what they led and coordinated moves on. No clocks are compared. A broker that was only paused finds itself passed
 * over when it wakes, and joins again with its next beat. Brokers that cannot reach each other are not noticed.
 */
import type { Host } from "../../ports/host.ts";
import { moveLeaders, moveSlot, type KafkaCluster } from "./cluster.ts";
import { tell } from "./observation.ts";

interface Sight {
  readonly beats: number;
  /** Ticks without a beat. */
  readonly missed: number;
}

/**
 * What a broker makes of its peers' beats since its last tick. `dead` holds those that have just been missed for long
 * enough.
 */
export function watchPeers(
  before: readonly Sight[],
  beats: readonly number[],
  beatsMissed: number,
): { readonly sights: readonly Sight[]; readonly dead: readonly number[] } {
  const sights = beats.map((count, place): Sight => {
    const last = before[place];
    return { beats: count, missed: last === undefined || last.beats !== count ? 0 : last.missed + 1 };
  });
  return { sights, dead: sights.flatMap(({ missed }, place) => (missed === beatsMissed ? [place] : [])) };
}

export class Membership {
  readonly #host: Host;
  readonly #cluster: KafkaCluster;
  readonly #place: number;
  #sights: readonly Sight[] = [];

  constructor(host: Host, cluster: KafkaCluster, place: number) {
    this.#host = host;
    this.#cluster = cluster;
    this.#place = place;
  }

  /** This broker is up. */
  beat(): void {
    const own = this.#cluster.members[this.#place]!;
    own.beats++;
    if (own.isAlive) return;
    own.isAlive = true;
    this.#cluster.version++;
  }

  /** Beats, and moves on what dead peers have. */
  tick(): void {
    this.beat();
    const { members, knobs } = this.#cluster;
    const beats = members.map((member) => member.beats);
    const { sights, dead } = watchPeers(this.#sights, beats, knobs.beatsMissed);
    this.#sights = sights;
    for (const place of dead) this.#leave(place);
  }

  /** This broker goes in peace, and hands over what it has. */
  leave(): void {
    this.#leave(this.#place);
  }

  #leave(place: number): void {
    this.#cluster.members[place]!.isAlive = false;
    this.#cluster.version++;
    for (const moved of moveLeaders(this.#cluster, place)) tell(this.#host, "kafka.leader-moved", moved);
    for (const slot of this.#cluster.slots) {
      if (slot.broker === place) moveSlot(this.#cluster, slot, this.#cluster.knobs.coordinatorLoadMicros, false);
    }
  }
}
