/** Deadlines of statements, with one timer for all of them and none while there are none. Exact to a second. */
import type { Host } from "../../../ports/host.ts";

interface Deadline {
  readonly at: number;
  readonly expire: () => void;
}

const tick = "1s";

export class Deadlines {
  readonly #host: Host;
  readonly #pending = new Set<Deadline>();
  #isRunning = false;

  constructor(host: Host) {
    this.#host = host;
  }

  /** Calls `expire` once `millis` have passed, unless the returned function is called first. */
  after(millis: number, expire: () => void): () => void {
    const deadline = { at: this.#host.clock.monotonic() + millis * 1_000, expire };
    this.#pending.add(deadline);
    if (!this.#isRunning) void this.#run();
    return () => void this.#pending.delete(deadline);
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#pending.size > 0) {
      await this.#host.sleep(tick);
      const now = this.#host.clock.monotonic();
      for (const deadline of this.#pending) {
        if (deadline.at > now) continue;
        this.#pending.delete(deadline);
        deadline.expire();
      }
    }
    this.#isRunning = false;
  }
}
