/**
 * Keeps the orchestrator's services as the catalog says: every replica declared, and none of this generation that the
 * catalog does not know. Level-triggered, for ever: a change wakes it, a lost answer or another's mistake is mended with
 * the next look. Nobody waits for it.
 */
import type { Host } from "../../../ports/host.ts";
import type { Orchestrator, ServiceState } from "../../../ports/orchestrator.ts";
import type { Replica } from "../../catalog/clusters.ts";
import { backoff } from "../../backoff.ts";
import { serviceName } from "./cluster-set.ts";

export interface ServicesOptions {
  readonly host: Host;
  readonly orchestrator: Orchestrator;
  readonly generation: number;
  /** What the catalog says now. */
  readonly replicas: () => readonly Replica[];
  /** Resolves when this process led at some moment since the call: only who leads may remove anything. */
  readonly confirm: () => Promise<void>;
  /** What the orchestrator says of this generation's services. */
  readonly onStates: (states: readonly ServiceState[]) => void;
}

/** How often the services are looked at when nothing has changed. */
const lookEvery = "10s";

export class Services {
  readonly #options: ServicesOptions;
  #wake: (() => void) | null = null;
  #isWoken = false;

  constructor(options: ServicesOptions) {
    this.#options = options;
    void this.#run();
  }

  /** The catalog's replicas have changed. */
  changed(): void {
    this.#isWoken = true;
    this.#wake?.();
  }

  async #run(): Promise<void> {
    const { host } = this.#options;
    const delays = backoff({ first: "500ms", max: "10s", host });
    for (;;) {
      this.#isWoken = false;
      if (await this.#converged()) {
        delays.reset();
        await this.#changedOr(host.sleep(lookEvery));
      } else {
        await host.sleep(delays.next());
      }
    }
  }

  async #changedOr(pause: Promise<void>): Promise<void> {
    if (this.#isWoken) return;
    await Promise.race([pause, new Promise<void>((resolve) => (this.#wake = resolve))]);
    this.#wake = null;
  }

  /** One look, and what follows from it. False when something could not be done. */
  async #converged(): Promise<boolean> {
    const { orchestrator, generation, replicas, confirm, onStates } = this.#options;
    try {
      const present = await orchestrator.list(serviceName(generation, ""));
      onStates(present);
      for (const { id, size } of replicas()) {
        const name = serviceName(generation, id);
        if (!present.some((service) => service.name === name)) await orchestrator.ensure({ name, ...size });
      }
      const known = (): readonly string[] => replicas().map(({ id }) => serviceName(generation, id));
      if (present.every(({ name }) => known().includes(name))) return true;
      // What this process does not know may be its successor's.
      await confirm();
      for (const { name } of present) if (!known().includes(name)) await orchestrator.remove(name);
      return true;
    } catch (error) {
      if (typeof (error as { readonly code?: unknown }).code !== "string") throw error;
      return false;
    }
  }
}
