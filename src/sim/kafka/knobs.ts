/** How long things take in the cluster, and its limits. A scenario may lay its own over them. */

export interface KafkaKnobs {
  /** Between two beats of a broker; it looks at its peers, its transactions and the metadata then. Microseconds. */
  readonly tickMicros: number;
  /** A broker without a beat in so many of a peer's ticks in a row is taken for dead. */
  readonly beatsMissed: number;
  /**
   * From an append to the moment when all replicas have it: so much, and up to `replicationSteps - 1` times the step.
   */
  readonly replicationMicros: number;
  readonly replicationStepMicros: number;
  readonly replicationSteps: number;
  /** From a transaction's decision being answered to its first marker being sent: one of these. Microseconds. */
  readonly markerDelays: readonly number[];
  /** A broker that does not answer for so long is asked again, after a pause that doubles up to the longest. */
  readonly markerTimeoutMicros: number;
  readonly markerRetryMicros: number;
  readonly markerRetryMaxMicros: number;
  /** A broker that takes over transactions reads their log for so long first. */
  readonly coordinatorLoadMicros: number;
  /** From the effect of a request to the cut in the middle of its answer, when a fault cuts there. */
  readonly partialAnswerMicros: number;
  /** Replicas in sync, the leader among them, that a batch needs; a topic may have a setting of its own. */
  readonly minInSyncReplicas: number;
  /** The most bytes of a batch; a topic may have a setting of its own. */
  readonly messageMaxBytes: number;
  /** The longest transaction timeout that a producer may ask for, `transaction.max.timeout.ms`. */
  readonly transactionMaxMillis: number;
  /** A producer of this epoch is followed by one with a new id. */
  readonly epochMax: number;
  /** Partitions of a topic that is created with -1 of them. */
  readonly partitionsDefault: number;
}

/** Knobs of a healthy cluster in one building. */
export const kafkaKnobs: KafkaKnobs = {
  tickMicros: 1_000_000,
  beatsMissed: 2,
  replicationMicros: 500,
  replicationStepMicros: 500,
  replicationSteps: 4,
  markerDelays: [0, 1_000, 5_000, 40_000],
  markerTimeoutMicros: 2_000_000,
  markerRetryMicros: 200_000,
  markerRetryMaxMicros: 1_000_000,
  coordinatorLoadMicros: 200_000,
  partialAnswerMicros: 3_000,
  minInSyncReplicas: 1,
  messageMaxBytes: 1_048_588,
  transactionMaxMillis: 900_000,
  epochMax: 32_766,
  partitionsDefault: 1,
};
