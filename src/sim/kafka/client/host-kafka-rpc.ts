/** Kafka's requests over a host's own RPC: what the simulated brokers listen to. */
import type { Json } from "../../../base/json.ts";
import type { Host } from "../../../ports/host.ts";
import type { KafkaAnswer, KafkaApi, KafkaApis, KafkaRpc } from "../../../ports/kafka-rpc.ts";

/**
 * Requests over pooled connections of the host's process. Errors of the network pass through as they are: `NetError`, whose
 * `definite` says whether the request was certainly not handled.
 */
export function hostKafkaRpc(host: Pick<Host, "call">): KafkaRpc {
  return {
    request<A extends KafkaApi>(
      broker: string,
      api: A,
      request: KafkaApis[A]["request"],
      options: Parameters<Host["call"]>[2] = {},
    ): Promise<KafkaAnswer<A>> {
      return host.call(broker, { api, ...request } as Json, options);
    },
  };
}
