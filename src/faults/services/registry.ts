/** Faults of simulated services and of the engine's replicas, by id. */
import { brokerDown } from "./broker-down.ts";
import { brokerSlow } from "./broker-slow.ts";
import { coordinatorMoved } from "./coordinator-moved.ts";
import { crashAfterWrite } from "./crash-after-write.ts";
import { kafkaBrokerErrors } from "./kafka-broker-errors.ts";
import { kafkaLostAnswers } from "./kafka-lost-answers.ts";
import { kafkaOutage } from "./kafka-outage.ts";
import { leaderMoved } from "./leader-moved.ts";
import { objectStoreErrors } from "./object-store-errors.ts";
import { objectStoreLostAnswers } from "./object-store-lost-answers.ts";
import { orchestratorDown } from "./orchestrator-down.ts";
import { orchestratorLostAnswers } from "./orchestrator-lost-answers.ts";
import { orchestratorSlow } from "./orchestrator-slow.ts";
import { pauseAfterWrite } from "./pause-after-write.ts";
import { postgresConnectionLimit } from "./postgres-connection-limit.ts";
import { postgresLostAnswers } from "./postgres-lost-answers.ts";
import { postgresOutage } from "./postgres-outage.ts";
import { postgresRestart } from "./postgres-restart.ts";
import { replicaCrashLoop } from "./replica-crash-loop.ts";
import { replicaCrash } from "./replica-crash.ts";
import { topicDeleted } from "./topic-deleted.ts";

export const serviceFaults = {
  "kafka.broker-down": brokerDown,
  "kafka.outage": kafkaOutage,
  "kafka.broker-slow": brokerSlow,
  "kafka.leader-moved": leaderMoved,
  "kafka.coordinator-moved": coordinatorMoved,
  "kafka.topic-deleted": topicDeleted,
  "kafka.lost-answers": kafkaLostAnswers,
  "kafka.broker-errors": kafkaBrokerErrors,
  "s3.errors": objectStoreErrors,
  "s3.lost-answers": objectStoreLostAnswers,
  "postgres.outage": postgresOutage,
  "postgres.restart": postgresRestart,
  "postgres.lost-answers": postgresLostAnswers,
  "postgres.connection-limit": postgresConnectionLimit,
  "replica.crash": replicaCrash,
  "replica.crash-loop": replicaCrashLoop,
  "orchestrator.down": orchestratorDown,
  "orchestrator.slow": orchestratorSlow,
  "orchestrator.lost-answers": orchestratorLostAnswers,
  "process.crash-after-write": crashAfterWrite,
  "process.pause-after-write": pauseAfterWrite,
} as const;
