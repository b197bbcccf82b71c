/**
 * Keeps the orchestrator's services as the catalog says: every replica declared, and none of this generation that the
 * catalog does not know. Level-triggered, for ever: a change wakes it, a lost answer or another's mistake is mended with
 * the next look. Nobody waits for it.
 */
import type { Host } from "../../../ports/host.ts";
import type { Orchestrator, ReplicaService, ServiceState } from "../../../ports/orchestrator.ts";
import type { Replica } from "../../catalog/clusters.ts";
import { backoff, withCode } from "../../backoff.ts";
import { serviceName } from "./cluster-set.ts";

export interface ServicesOptions {
  readonly host: Host;
  readonly orchestrator: Orchestrator;
  readonly generation: number;
  /** What the catalog says now. */
  readonly replicas: () => readonly Replica[];
  /** Resolves when this process led at some moment since the call: only who leads may declare or remove anything. */
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
    const { orchestrator, generation, confirm, onStates } = this.#options;
    let present: readonly ServiceState[] = [];
    const isListed = await isDone(async () => {
      present = await orchestrator.list(serviceName(generation, ""));
    });
    if (!isListed) return false;
    onStates(present);
    if (this.#missing(present).length + this.#foreign(present).length === 0) return true;
    // What this process does not know may be its successor's, and what it knows may be gone.
    if (!(await isDone(confirm))) return false;
    // One that cannot be declared holds up no other.
    let isWhole = true;
    for (const service of this.#missing(present)) {
      isWhole = (await isDone(() => orchestrator.ensure(service))) && isWhole;
    }
    for (const name of this.#foreign(present)) isWhole = (await isDone(() => orchestrator.remove(name))) && isWhole;
    return isWhole;
  }

  /** Services that the catalog asks for now, and that were not there. */
  #missing(present: readonly ServiceState[]): readonly ReplicaService[] {
    const { replicas, generation } = this.#options;
    return replicas()
      .map(({ id, size }) => ({ name: serviceName(generation, id), ...size }))
      .filter(({ name }) => !present.some((service) => service.name === name));
  }

  /** Names of services that were there, and that the catalog does not know now. */
  #foreign(present: readonly ServiceState[]): readonly string[] {
    const { replicas, generation } = this.#options;
    const known = replicas().map(({ id }) => serviceName(generation, id));
    return present.map(({ name }) => name).filter((name) => !known.includes(name));
  }
}

/** Whether a step went well; an error with a code is an expected failure. */
async function isDone(step: () => Promise<void>): Promise<boolean> {
  try {
    await step();
    return true;
  } catch (error) {
    withCode(error);
    return false;
  }
}
