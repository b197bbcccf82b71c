/**
 * Group commit: a sync costs the same for one record as for many, so it waits a moment for others to join. A sync that
 * has begun may miss what is appended meanwhile; whoever comes then belongs to the next group.
 */
import type { Host } from "wavetank";

export class GroupCommit {
  readonly #host: Host;
  readonly #sync: () => Promise<void>;
  #gathering: Promise<void> | null = null;

  constructor(host: Host, sync: () => Promise<void>) {
    this.#host = host;
    this.#sync = sync;
  }

  /** Ends when all that was appended before is durable. */
  durable(): Promise<void> {
    this.#gathering ??= this.#commit();
    return this.#gathering;
  }

  async #commit(): Promise<void> {
    await this.#host.sleep("100ms");
    this.#gathering = null;
    await this.#sync();
  }
}
