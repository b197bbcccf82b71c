/** The health of one rendered connector: runs its lifecycle, reports what changed and shows it to checkers. */
import type { IngestionObject, SinkObject } from "../compute/protocol.ts";
import type { ConnectorContext } from "./connector.ts";
import type { LifecycleEvent, Trouble } from "./lifecycle.ts";
import { describeKafkaFailure, type KafkaObject } from "./failure-text.ts";
import { failures, newLifecycle, nextLifecycle } from "./lifecycle.ts";

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

  /** Attempts in a row that failed so far. */
  get failures(): number {
    return failures(this.#lifecycle);
  }

  succeeded(): void {
    if (this.#lifecycle.status !== "running") this.#step({ kind: "succeeded" });
  }

  /**
   * A call goes on, and one more attempt of it did not get through to `object`. Parts are names for what makes one call
   * after the other.
   */
  troubled(part: string, code: string, object: KafkaObject): void {
    const { message: error, hint } = describeKafkaFailure(code, object);
    const at = this.#context.ports.host.clock.monotonic();
    const trouble = { error, hint, code, class: "transient", namespace: "kafka" } as const;
    this.#step({ kind: "troubled", part, at, trouble });
  }

  /** A call of a part succeeded. */
  answered(part: string): void {
    if (this.#lifecycle.vain.length > 0) this.#step({ kind: "answered", part });
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
    const { ports, policies, report } = this.#context;
    const [next, isReported] = nextLifecycle(this.#lifecycle, event, policies);
    this.#lifecycle = next;
    const { status, trouble, occurrences } = next;
    if (!isReported || status === null) return;
    if ((status === "stalled" || status === "degraded") && !policies.showsFailure(occurrences)) return;
    const { id, incarnation } = this.#object;
    const told = { error: trouble?.error ?? null, class: trouble?.class ?? null, code: trouble?.code ?? null };
    ports.host.emit("connector.status", { id, incarnation, status, occurrences, ...told });
    const at = Math.floor(ports.host.clock.wall() / 1_000);
    const where = { namespace: trouble?.namespace ?? "kafka", hint: trouble?.hint ?? null } as const;
    report({ id, incarnation, status, occurrences, at, ...told, ...where });
  }
}
