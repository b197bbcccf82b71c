/** One call: attempts at whichever broker it is for, until one succeeds or the decision of `attempts.ts` is to stop. */
import { micros, type Micros } from "../../../base/time.ts";
import type { Host } from "../../../ports/host.ts";
import type { KafkaApi, KafkaApis, KafkaErrorCode, KafkaRpc } from "../../../ports/kafka-rpc.ts";
import { afterTrouble, firstAttempt, type Attempts, type ClientLimits } from "./attempts.ts";
import type { Trouble } from "./error-table.ts";
import { KafkaFailureError } from "./kafka-failure-error.ts";
import { attempt, type Outcome, type Route, type Routes } from "./routes.ts";

/** How one call differs from the usual. */
export interface DeliveryOptions<A extends KafkaApi> {
  /** Time that the broker is asked to wait, on top of all limits. */
  readonly maxWait?: Micros;
  /** When the caller began to wait; now unless given. */
  readonly startedAt?: number;
  /** Errors that end the call at once here, though they are worth a retry elsewhere. */
  readonly final?: readonly KafkaErrorCode[];
  /** The request of a later attempt; the same one unless given. `failed` attempts went before. */
  readonly resend?: (request: KafkaApis[A]["request"], failed: number) => KafkaApis[A]["request"];
  /** Told of every failed attempt and lookup, also when the call then succeeds. */
  readonly onTrouble?: (trouble: Trouble) => void;
}

/** Makes the calls of one client. */
export class Delivery {
  readonly host: Pick<Host, "clock" | "random" | "sleep">;
  readonly rpc: KafkaRpc;
  readonly routes: Routes;
  readonly limits: ClientLimits;
  #isClosed = false;

  constructor(host: Pick<Host, "clock" | "random" | "sleep">, rpc: KafkaRpc, routes: Routes, limits: ClientLimits) {
    this.host = host;
    this.rpc = rpc;
    this.routes = routes;
    this.limits = limits;
  }

  /** No attempt begins from now on. */
  close(): void {
    this.#isClosed = true;
  }

  /** Resolves with the reply; rejects with `KafkaFailureError`. `what` names the call in its message. */
  async request<A extends KafkaApi>(
    what: string,
    route: Route,
    api: A,
    request: KafkaApis[A]["request"],
    options: DeliveryOptions<A> = {},
  ): Promise<KafkaApis[A]["reply"]> {
    const { maxWait = 0, final = [], resend } = options;
    return this.repeat(what, this.limits.delivery + maxWait, options.startedAt, async (attempts, isLate) => {
      const found = await this.routes.find(route, this.#timeout(attempts, 0));
      if (!found.ok) {
        options.onTrouble?.(found.trouble);
        return final.includes(found.trouble.code as KafkaErrorCode) ? ended(found.trouble) : found;
      }
      // The lookup may have taken all the time that there was.
      if (isLate()) return { ok: false, trouble: outOfTime };
      const broker = found.value;
      const sent = attempts.failed === 0 || resend === undefined ? request : resend(request, attempts.failed);
      const answer = await attempt(this.rpc, broker, api, sent, this.#timeout(attempts, maxWait));
      if (answer.ok) return answer;
      this.routes.learn(route, broker, answer.trouble);
      options.onTrouble?.(answer.trouble);
      return final.includes(answer.trouble.code as KafkaErrorCode) ? ended(answer.trouble) : answer;
    });
  }

  /** Calls `act` until it succeeds, with growing pauses, for at most `patience` µs since `startedAt`. */
  async repeat<T>(
    what: string,
    patience: number,
    startedAt: number = this.host.clock.monotonic(),
    act: (attempts: Attempts, isLate: () => boolean) => Promise<Outcome<T>>,
  ): Promise<T> {
    let attempts = firstAttempt(startedAt, patience);
    const isLate = (): boolean => this.host.clock.monotonic() >= attempts.endsAt;
    for (;;) {
      if (this.#isClosed) throw new KafkaFailureError("CLOSED", attempts.isUncertain ? "ambiguous" : "permanent", what);
      const outcome: Outcome<T> = isLate() ? { ok: false, trouble: outOfTime } : await act(attempts, isLate);
      if (outcome.ok) return outcome.value;
      const verdict = afterTrouble(attempts, outcome.trouble, this.host.clock.monotonic(), this.limits);
      if (verdict.kind === "fail") {
        throw new KafkaFailureError(verdict.code, verdict.failure, what, verdict.isUncertain);
      }
      attempts = verdict.attempts;
      await this.host.sleep(verdict.delay);
    }
  }

  #timeout(attempts: Attempts, maxWait: number): Micros {
    const left = attempts.endsAt - this.host.clock.monotonic();
    return micros(Math.max(1, Math.min(this.limits.request + maxWait, left)));
  }
}

/** Nothing was sent by this attempt. */
const outOfTime: Trouble = { code: "REQUEST_TIMED_OUT", failure: "transient", retry: "no", isUncertain: false };

function ended(trouble: Trouble): Outcome<never> {
  return { ok: false, trouble: { ...trouble, retry: "no" } };
}
