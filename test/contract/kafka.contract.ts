/**
 * What Kafka and a client of it owe the engine, as plain functions over a backend. Each case names the statements about
 * Kafka that it shows; the numbers are those of the project's list, in parentheses in the titles of tests.
 *
 * Not shown, on purpose, because neither the port nor the simulated cluster has it and no source or sink needs it:
 * - 26, inits that show an id and an epoch of their own: the client starts over with a plain init;
 * - 36, epochs that go up with every commit: brokers speak the protocol of before;
 * - 38, transactional ids and producer ids that expire: after days, and runs take minutes;
 * - 47, partitions that are added: a source keeps those that it began with;
 * - 48 to 50 and 52, retention, deleted records, compaction: a log keeps all, which readers of 51 may not rely on;
 * - 55, unclean elections: what is acknowledged stays;
 * - 58, authentication and authorization, and of 59 corrupt messages and throttling;
 * - of 21 and 53, producers that wait for less than all replicas.
 */
import type { KafkaBackend, KafkaCase } from "./kafka/backend.ts";
import { fencingCases } from "./kafka/fencing-cases.ts";
import { idempotenceCases } from "./kafka/idempotence-cases.ts";
import { limitCases } from "./kafka/limit-cases.ts";
import { logCases } from "./kafka/log-cases.ts";
import { topicCases } from "./kafka/topic-cases.ts";
import { transactionCases } from "./kafka/transaction-cases.ts";

/** All cases, each to be run on its own. */
export function kafkaContract(backend: KafkaBackend): readonly KafkaCase[] {
  const rows = [...logCases, ...idempotenceCases, ...fencingCases, ...transactionCases, ...topicCases, ...limitCases];
  return rows.map(([statements, title, run]) => ({ title, statements, run: () => backend.run(run) }));
}
