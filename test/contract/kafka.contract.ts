/**
 * What Kafka and a client of it owe the engine, as plain functions over a backend. Each case names the statements about
 * Kafka that it shows; the numbers are those of the project's list, in parentheses in the titles of tests.
 */
import type { KafkaBackend, KafkaCase } from "./kafka/backend.ts";
import { fencingCases } from "./kafka/fencing-cases.ts";
import { idempotenceCases } from "./kafka/idempotence-cases.ts";
import { logCases } from "./kafka/log-cases.ts";
import { topicCases } from "./kafka/topic-cases.ts";
import { transactionCases } from "./kafka/transaction-cases.ts";

/** All cases, each to be run on its own. */
export function kafkaContract(backend: KafkaBackend): readonly KafkaCase[] {
  const rows = [...logCases, ...idempotenceCases, ...fencingCases, ...transactionCases, ...topicCases];
  return rows.map(([statements, title, run]) => ({ title, statements, run: () => backend.run(run) }));
}
