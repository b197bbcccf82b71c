/**
 * One direction between two hosts, and what faults have done to it. Packets that may not pass wait here in order and
 * leave when the way is free again.
 */
export interface HeldPacket {
  /** Sends it again, now that the way may be free. */
  readonly release: () => void;
}

export class Link {
  readonly from: string;
  readonly to: string;
  /** Active partitions of this direction. */
  blocks = 0;
  clogs = 0;
  /** Extra latency, µs. */
  delayMicros = 0;
  /** One message in so many breaks its connection, for every active fault. */
  readonly breaks: number[] = [];
  #held: HeldPacket[] = [];

  constructor(from: string, to: string) {
    this.from = from;
    this.to = to;
  }

  get isOpen(): boolean {
    return this.blocks === 0 && this.clogs === 0;
  }

  hold(packet: HeldPacket): void {
    this.#held.push(packet);
  }

  /** Lets what waits pass, when the way is free. */
  drain(): void {
    if (!this.isOpen) return;
    const held = this.#held;
    this.#held = [];
    for (const packet of held) packet.release();
  }
}
