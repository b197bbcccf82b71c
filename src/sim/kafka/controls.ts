/** What faults may turn at the cluster (`ports/service-controls.ts`). They act on shared data; a broker tells of it. */
import type { Heal } from "../../ports/controls.ts";
import type { KafkaControls } from "../../ports/service-controls.ts";
import { moveLeaders, moveSlot, removeTopic, type KafkaCluster } from "./cluster.ts";
import type { RequestFault } from "./request-faults.ts";

/** The control panel of a cluster. Unknown names are controls without effect. */
export function kafkaControls(cluster: KafkaCluster): KafkaControls {
  const add = (fault: RequestFault): Heal => {
    cluster.requestFaults.add(fault);
    return () => void cluster.requestFaults.delete(fault);
  };
  return {
    brokers: cluster.members.map(({ host }) => host),
    topics: () => [...cluster.topics.keys()],
    slow: (host, by) => {
      const member = cluster.members.find((known) => known.host === host);
      if (member === undefined) return () => undefined;
      member.slowByMicros += by;
      return once(() => (member.slowByMicros -= by));
    },
    deleteTopic: (name) => {
      const topic = removeTopic(cluster, name);
      if (topic === undefined) return false;
      cluster.gone.add(name);
      const data = { topic: name, topicId: topic.id, by: "administrator" };
      cluster.news.push({ kind: "kafka.topic-deleted", data });
      return true;
    },
    moveCoordinators: (loadingFor) => {
      for (const slot of cluster.slots) moveSlot(cluster, slot, loadingFor, true);
    },
    moveLeaders: (host) => {
      const place = cluster.members.findIndex((known) => known.host === host);
      if (place < 0) return;
      for (const data of moveLeaders(cluster, place)) cluster.news.push({ kind: "kafka.leader-moved", data });
    },
    loseAnswers: (oneIn, { api, when } = {}) =>
      add({ kind: "lose-answer", oneIn, api: api ?? null, when: when ?? null }),
    fail: (code, oneIn) => add({ kind: "fail", oneIn, code }),
    lagReplicas: (host) => {
      const member = cluster.members.find((known) => known.host === host);
      if (member === undefined) return () => undefined;
      member.lags++;
      return once(() => member.lags--);
    },
  };
}

function once(undo: () => unknown): Heal {
  let isHealed = false;
  return () => {
    if (isHealed) return;
    isHealed = true;
    undo();
  };
}
