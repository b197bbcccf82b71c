/** The health of one rendered connector: runs its lifecycle, reports what changed and shows it to checkers. */
import type { IngestionObject, SinkObject } from "../compute/protocol.ts";
import type { ConnectorContext } from "./connector.ts";
import type { LifecycleEvent, Trouble } from "./lifecycle.ts";
import { newLifecycle, nextLifecycle } from "./lifecycle.ts";

export class Health {
  readonly #object: IngestionObject | SinkObject;
  readonly #context: ConnectorContext;
  #lifecycle = newLifecycle;
  #isStopped = false;

  constructor(object: IngestionObject | SinkObject, context: ConnectorContext) {
    this.#object = object;
    this.#context = context;
    this.#step({ kind: "rendered" });
  }

  /** Failures in a row so far. */
  get failures(): number {
    return this.#lifecycle.occurrences;
  }

  succeeded(): void {
    if (this.#lifecycle.status !== "running") this.#step({ kind: "succeeded" });
  }

  stalled(trouble: Trouble): void {
    this.#step({ kind: "stalled", trouble });
  }

  failed(trouble: Trouble): void {
    this.#step({ kind: "failed", trouble });
  }

  /** The connector was dropped or replaced: whatever it still meets is nobody's business. */
  stop(): void {
    this.#isStopped = true;
  }

  #step(event: LifecycleEvent): void {
    if (this.#isStopped) return;
    const [next, isReported] = nextLifecycle(this.#lifecycle, event);
    this.#lifecycle = next;
    const { status, trouble, occurrences } = next;
    if (!isReported || status === null) return;
    const { ports, policies, report } = this.#context;
    if (status === "stalled" && !policies.showsFailure(occurrences)) return;
    const { id, incarnation } = this.#object;
    const told = { error: trouble?.error ?? null, class: trouble?.class ?? null, code: trouble?.code ?? null };
    ports.host.emit("connector.status", { id, incarnation, status, occurrences, ...told });
    const at = Math.floor(ports.host.clock.wall() / 1_000);
    const where = { namespace: trouble?.namespace ?? "kafka", hint: trouble?.hint ?? null } as const;
    report({ id, incarnation, status, occurrences, at, ...told, ...where });
  }
}
