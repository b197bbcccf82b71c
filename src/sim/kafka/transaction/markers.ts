/** Markers on their way from a coordinator to the leaders: one request a broker, all partitions of it together. */
import type { Host } from "../../../ports/host.ts";
import { micros } from "../../../base/time.ts";
import { addressOf, type KafkaCluster } from "../cluster.ts";
import type { MarkerReply, MarkerRequest } from "../requests.ts";
import type { TransactionPartition, TransactionState } from "./core.ts";

export interface MarkerWriter {
  /**
   * Asks the leaders once. `onDone` is told of partitions where nothing is left to do, as their leaders answer;
   * resolves when all have answered or failed to.
   */
  write(
    state: TransactionState,
    phase: "PREPARE_COMMIT" | "PREPARE_ABORT",
    onDone: (partitions: readonly TransactionPartition[]) => void,
  ): Promise<void>;
}

/** A writer of the broker at `place`, which asks itself without the network. */
export function markerWriter(
  host: Host,
  cluster: KafkaCluster,
  place: number,
  own: (request: MarkerRequest) => Promise<MarkerReply>,
): MarkerWriter {
  const ask = (broker: number, request: MarkerRequest): Promise<MarkerReply> =>
    broker === place
      ? own(request)
      : host.call(addressOf(cluster, broker), { api: "writeTxnMarkers", ...request } as never, {
          timeout: micros(cluster.knobs.markerTimeoutMicros),
        });
  return {
    async write(state, phase, onDone) {
      const { transactionalId, producerId, epoch, round } = state;
      const control = cluster.policies.verdictOf(phase);
      const asked = [...byLeader(cluster, state.partitions)].map(async ([broker, partitions]) => {
        try {
          const reply = await ask(broker, { transactionalId, producerId, epoch, round, control, partitions });
          onDone(reply.done);
        } catch (error) {
          // Whether it was done or not: the coordinator asks again, and a marker that is there is not written twice.
          if (typeof (error as { code?: unknown } | null)?.code !== "string") throw error;
        }
      });
      await Promise.all(asked);
    },
  };
}

/** Partitions by the broker that can say that they are done; where a topic is gone that is any, so the first one. */
function byLeader(
  cluster: KafkaCluster,
  partitions: readonly TransactionPartition[],
): Map<number, TransactionPartition[]> {
  const groups = new Map<number, TransactionPartition[]>();
  for (const wanted of partitions) {
    const topic = cluster.topics.get(wanted.topic);
    const leader = topic?.id === wanted.topicId ? topic.partitions[wanted.partition]!.leader : 0;
    groups.set(leader, [...(groups.get(leader) ?? []), wanted]);
  }
  return groups;
}
