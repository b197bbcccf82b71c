/** Observations that the simulated services make: the truth that oracles compare the engine with, and witnesses of faults. */
import type { KafkaRecord } from "./kafka-rpc.ts";
import type { AnswerLoss, BrokerApi, BrokerError } from "./service-controls.ts";

export interface ServiceEvents {
  /** `by`: host that asked for it. */
  "kafka.topic-created": {
    readonly topic: string;
    readonly topicId: string;
    readonly partitions: number;
    readonly by: string;
  };
  "kafka.topic-deleted": { readonly topic: string; readonly topicId: string; readonly by: string };
  /**
   * A batch is in the log, for good; `epoch` is -1 without a producer. `isTransactional` ones count for read_committed
   * once their transaction's commit marker is there.
   */
  "kafka.appended": {
    readonly topic: string;
    readonly topicId: string;
    readonly partition: number;
    readonly baseOffset: number;
    readonly records: readonly KafkaRecord[];
    readonly isTransactional: boolean;
    readonly producerId: number | null;
    readonly epoch: number;
    readonly transactionalId: string | null;
    readonly by: string;
  };
  "kafka.marker-written": {
    readonly topic: string;
    readonly topicId: string;
    readonly partition: number;
    readonly offset: number;
    readonly producerId: number;
    readonly epoch: number;
    readonly transactionalId: string;
    readonly control: "commit" | "abort";
  };
  "kafka.producer-initialised": {
    readonly transactionalId: string;
    readonly producerId: number;
    readonly epoch: number;
    readonly by: string;
  };
  /**
   * The decision is durable; `epoch` is that of its markers. `cause`: `client` asked for it, a successor's `init` or the
   * `timeout` aborted it, and raised the epoch with it.
   */
  "kafka.transaction-decided": {
    readonly transactionalId: string;
    readonly producerId: number;
    readonly epoch: number;
    readonly commit: boolean;
    readonly cause: "client" | "init" | "timeout";
  };
  /** A request of a fenced producer was refused. */
  "kafka.producer-fenced": { readonly transactionalId: string; readonly epoch: number; readonly by: string };
  "kafka.leader-moved": { readonly topic: string; readonly partition: number; readonly leader: string };

  /** Witnesses of what faults turned; `api` is the request that it hit. */
  "kafka.slowed": { readonly broker: string; readonly api: string };
  "kafka.coordinator-moved": { readonly transactionalId: string };
  "kafka.topic-gone": { readonly topic: string };
  "kafka.answer-lost": {
    readonly broker: string;
    readonly api: BrokerApi;
    readonly when: AnswerLoss;
    readonly by: string;
  };
  /** `hasEffect`: the request did what it asks for, all the same. */
  "kafka.failed": {
    readonly broker: string;
    readonly api: BrokerApi;
    readonly code: BrokerError;
    readonly hasEffect: boolean;
    readonly by: string;
  };
  "s3.failed": { readonly code: string; readonly op: string };
  "s3.answer-lost": { readonly op: string; readonly when: AnswerLoss };
  "postgres.refused": { readonly code: string };
  /** `statement`: its text, `""` for the opening of a session; `rows`: how many had gone out. */
  "postgres.answer-lost": { readonly statement: string; readonly when: AnswerLoss; readonly rows: number };
  "postgres.restarted": { readonly connections: number };
  "postgres.connections-exhausted": { readonly limit: number };

  /** A replica was declared, and will be started; `by`: host that asked for it, `driver` for who deploys generations. */
  "orchestrator.declared": {
    readonly service: string;
    readonly processes: number;
    readonly workers: number;
    readonly by: string;
  };
  /** Its processes will be ended for good. */
  "orchestrator.removed": { readonly service: string; readonly by: string };
  "orchestrator.slowed": { readonly op: string };
  "orchestrator.answer-lost": { readonly op: string; readonly when: AnswerLoss };
  /** A process of a replica that is to fail is about to end. */
  "replica.failed": { readonly service: string; readonly host: string };

  "s3.put": { readonly key: string; readonly by: string };
  "s3.deleted": { readonly key: string; readonly by: string };
}

export type ServiceEventKind = keyof ServiceEvents;
