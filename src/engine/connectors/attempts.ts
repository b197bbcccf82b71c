/**
 * Attempts of a connector, one after the other: whatever ends one that is not permanent is shown and tried again after a
 * backoff, for ever. Every wait is virtual time, so a loop of retries has a bounded rate.
 */
import type { Json } from "../../base/json.ts";
import type { KafkaFailure } from "../../ports/kafka.ts";
import type { ConnectorContext } from "./connector.ts";
import type { Shard } from "../persist/persist.ts";
import type { Health } from "./health.ts";
import { describeKafkaFailure, type KafkaObject } from "./failure-text.ts";
import { backoff } from "../backoff.ts";
import { isLower } from "../persist/policies.ts";

/** Ends an attempt. `transient` ones are tried again. */
export class ConnectorFailure extends Error {
  override readonly name = "ConnectorFailure";
  readonly code: string;
  readonly kind: "transient" | "definite" | "input" | "internal";
  readonly hint: string | null;

  constructor(kind: ConnectorFailure["kind"], code: string, message: string, hint: string | null = null) {
    super(message);
    this.kind = kind;
    this.code = code;
    this.hint = hint;
  }
}

/** Longest and shortest wait between two attempts; the bounds that scenarios judge by are made from them. */
export const attemptBackoff = { first: "500ms", max: "16s" } as const;

/**
 * Runs `attempt` again and again until it returns, fails for good, or `isStopped`. An attempt that returns has nothing
 * more to do. `about` says what it is at when Kafka fails it.
 */
export async function runAttempts(
  context: ConnectorContext,
  health: Health,
  attempt: () => Promise<void>,
  isStopped: () => boolean,
  about: () => KafkaObject,
): Promise<void> {
  const { ports, policies } = context;
  const delays = backoff({ ...attemptBackoff, host: ports.host });
  while (!isStopped()) {
    try {
      return await attempt();
    } catch (error) {
      const failure = connectorFailure(error, about());
      if (isStopped()) return;
      const trouble = {
        error: failure.message,
        code: failure.code,
        hint: failure.hint,
        class: failure.kind,
        namespace: failure.kind === "input" ? "input" : failure.kind === "internal" ? "internal" : "kafka",
      } as const;
      if (failure.kind !== "transient") return health.failed(trouble);
      // A run of failures begins anew once the connector was well.
      if (health.failures === 0) delays.reset();
      health.stalled(trouble);
      if (!policies.triesAgain(health.failures)) return;
      await ports.host.sleep(delays.next());
    }
  }
}

/**
 * Makes the environment that this connector works for the owner of its shard. Fails as transient while a newer one is:
 * where that one took this replica over, the next attempt works for it; where not, this replica is about to be reaped.
 */
export async function takeOver<D extends Json>(shard: Shard<D>, context: ConnectorContext): Promise<void> {
  const { owner } = context;
  if (!isLower(owner, await shard.acquire(owner))) return;
  throw new ConnectorFailure("transient", "owner-fenced", "a newer environment is in charge of this object");
}

/** What an attempt met at `object`, as a failure of the connector. Errors without a code are bugs and end the process. */
export function connectorFailure(error: unknown, object: KafkaObject): ConnectorFailure {
  if (error instanceof ConnectorFailure) return error;
  const { code, failure } = error as Partial<KafkaFailure>;
  if (typeof code !== "string") throw error;
  if (failure === undefined) throw error;
  const { message, hint } = describeKafkaFailure(code, object);
  return new ConnectorFailure(failure === "permanent" ? "definite" : "transient", code, message, hint);
}
