/**
 * What this process knows of one shard: the newest state that it has read, written or been told of, and whoever waits for
 * a newer one. States only ever move on.
 */
import type { Consensus } from "./consensus/consensus.ts";
import type { ShardState } from "./shard-state.ts";
import { decodeShardState } from "./shard-codec.ts";
import { emptyShard } from "./shard-state.ts";

export interface Pushes {
  /** Makes sure that changes are pushed. */
  start(): void;
  /** How often pushing began; what was read before may be out of date. */
  readonly openings: number;
}

export class ShardView {
  readonly name: string;
  readonly #consensus: Consensus;
  readonly #pushes: Pushes;
  #sequence = -1;
  #state: ShardState = emptyShard;
  /** The newest state as a text that nobody has needed yet. */
  #text: string | null = null;
  #waiting: (() => void)[] = [];
  /** The opening of the pushes under which it was last read. */
  #readAt = -1;

  constructor(name: string, consensus: Consensus, pushes: Pushes) {
    this.name = name;
    this.#consensus = consensus;
    this.#pushes = pushes;
  }

  /** Of the state; -1 while it is not known whether the shard has a row. */
  get sequence(): number {
    return this.#sequence;
  }

  get isAwaited(): boolean {
    return this.#waiting.length > 0;
  }

  /** The newest state known; empty while none is. */
  get state(): ShardState {
    if (this.#text !== null) {
      this.#state = decodeShardState(this.#text);
      this.#text = null;
    }
    return this.#state;
  }

  /** Takes a state that was written. */
  wrote(state: ShardState): void {
    if (state.sequence <= this.#sequence) return;
    this.#text = null;
    this.#state = state;
    this.#moved(state.sequence);
  }

  /** Takes a state that was announced; without its text only that there is one. */
  announced(sequence: number, text: string | undefined): void {
    if (sequence <= this.#sequence) return;
    if (text !== undefined) this.#heard(sequence, text);
    else if (this.isAwaited) void this.read();
    else this.#readAt = -1;
  }

  /** The state that consensus holds now, or a later one. */
  async read(): Promise<ShardState> {
    this.#readAt = this.#pushes.openings;
    const head = await this.#consensus.head(this.name);
    if (head !== undefined) this.#heard(head.sequence, head.data);
    return this.state;
  }

  /** A poll has seen all shards under this opening; this one had the number `sequence`. */
  polled(sequence: number, opening: number): void {
    this.#readAt = Math.max(this.#readAt, opening);
    if (sequence > this.#sequence) void this.read();
  }

  /** The first state known of which `test` holds, waiting for it as long as it takes. */
  async until(test: (state: ShardState) => boolean): Promise<ShardState> {
    while (!test(this.state)) {
      const moved = new Promise<void>((resolve) => this.#waiting.push(resolve));
      this.#pushes.start();
      if (this.#readAt !== this.#pushes.openings) void this.read();
      await moved;
    }
    return this.state;
  }

  #heard(sequence: number, text: string): void {
    if (sequence <= this.#sequence) return;
    this.#text = text;
    this.#moved(sequence);
  }

  #moved(sequence: number): void {
    this.#sequence = sequence;
    if (this.#waiting.length === 0) return;
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
