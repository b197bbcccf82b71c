/**
 * Requests that the control panel's faults hit: answers that are lost, and errors of a broker under stress. Which ones
 * is a keyed choice over who asks, for what, and how often while a fault was active; without a fault nothing is counted.
 */
import type { Connection, Host } from "../../ports/host.ts";
import type { AnswerLoss, BrokerApi, BrokerError } from "../../ports/service-controls.ts";
import { micros } from "../../base/time.ts";
import type { KafkaCluster } from "./cluster.ts";
import { tell } from "./observation.ts";
import { refusal, type KafkaRequest } from "./requests.ts";

/** A fault that hits one request in `oneIn` of those that it concerns. */
export type RequestFault =
  /** Null: any. */
  | {
      readonly kind: "lose-answer";
      readonly oneIn: number;
      readonly api: BrokerApi | null;
      readonly when: AnswerLoss | null;
    }
  | { readonly kind: "fail"; readonly oneIn: number; readonly code: BrokerError };

/** What becomes of one request. */
export type Hit =
  | { readonly kind: "lose-answer"; readonly when: AnswerLoss }
  | { readonly kind: "fail"; readonly code: BrokerError; readonly isBefore: boolean };

interface ErrorRule {
  /** Requests that can meet it. */
  readonly apis: readonly BrokerApi[];
  readonly comes: "before" | "after" | "either";
}

const transactional = ["initProducerId", "addPartitionsToTxn", "endTxn"] as const;

const errorRules: Readonly<Record<BrokerError, ErrorRule>> = {
  NOT_ENOUGH_REPLICAS: { apis: ["produce"], comes: "before" },
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: { apis: ["produce"], comes: "after" },
  REQUEST_TIMED_OUT: { apis: ["produce", "createTopic", "deleteTopic"], comes: "either" },
  // A coordinator whose own log is not replicated says so by this code, and may have written what it was asked for.
  COORDINATOR_NOT_AVAILABLE: { apis: ["findCoordinator", ...transactional], comes: "either" },
  KAFKA_STORAGE_ERROR: { apis: ["produce", "fetch", "listOffsets"], comes: "before" },
};

const losses: readonly AnswerLoss[] = ["before", "after", "middle"];

/** The fault that a request of host `by` meets, if any. Counts the request when a fault is active. */
export function hitOf(cluster: KafkaCluster, by: string, request: KafkaRequest): Hit | undefined {
  const { requestFaults, exposed, choose } = cluster;
  if (requestFaults.size === 0) return undefined;
  const { api } = request;
  const count = (exposed.get(by) ?? 0) + 1;
  exposed.set(by, count);
  for (const fault of requestFaults) {
    if (!concerns(fault, request)) continue;
    const key = `request/${fault.kind === "fail" ? fault.code : fault.kind}/${by}/${api}/${count}`;
    if (choose(key, fault.oneIn) !== 0) continue;
    if (fault.kind === "lose-answer") {
      return { kind: "lose-answer", when: fault.when ?? losses[choose(`${key}/when`, losses.length)]! };
    }
    // A lookup has no effect for an error to come after.
    const comes = api === "findCoordinator" ? "before" : errorRules[fault.code].comes;
    const isBefore = comes === "either" ? choose(`${key}/when`, 2) === 0 : comes === "before";
    return { kind: "fail", code: fault.code, isBefore };
  }
  return undefined;
}

/** A request that is hit, and what is answered; an answer that is lost takes the connection with it. */
export async function disturbed(
  {
    host,
    cluster,
    connection,
  }: { readonly host: Host; readonly cluster: KafkaCluster; readonly connection: Connection },
  hit: Hit,
  api: BrokerApi,
  act: () => unknown,
): Promise<unknown> {
  const what = { broker: host.name, api, by: connection.peer.host };
  if (hit.kind === "fail") {
    const answer = hit.isBefore ? null : ((await act()) as { readonly ok?: boolean });
    // What was refused had no effect, and is told as it is.
    if (answer?.ok === false) return answer;
    tell(host, "kafka.failed", { ...what, code: hit.code, hasEffect: answer !== null });
    return refusal(hit.code);
  }
  if (hit.when !== "before") await act();
  if (hit.when === "middle") await host.sleep(micros(cluster.knobs.partialAnswerMicros));
  tell(host, "kafka.answer-lost", { ...what, when: hit.when });
  connection.close();
  return null;
}

function concerns(fault: RequestFault, request: KafkaRequest): boolean {
  if (fault.kind === "lose-answer") return fault.api === null || fault.api === request.api;
  // Any broker gives out producer ids of idempotent batches: that takes no coordinator.
  if (request.api === "initProducerId" && request.transactionalId === null) return false;
  return errorRules[fault.code].apis.includes(request.api);
}
