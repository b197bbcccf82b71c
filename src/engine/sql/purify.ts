/**
 * Purification: what a statement depends on outside is read once and frozen into it, so that the stored statement can be
 * planned for ever without a network. It only reads, within a deadline; whatever it finds, nothing outside has changed.
 *
 * Errors, beyond planning's:
 *   58030  the Kafka cluster cannot be reached (why, with the network's or Kafka's code, is in the detail)
 *   58T01  it did not answer within the deadline
 *   58000  it answered with an error that trying again does not help
 *   42704  the topic does not exist
 */
import type { KafkaClient, KafkaFailure } from "../../ports/kafka.ts";
import type { Duration, Micros } from "../../base/time.ts";
import type { SinkPlan, SourcePlan, StatementPlan } from "./plan.ts";
import { describeKafkaFailure } from "../connectors/failure-text.ts";
import { parseStatement } from "./parse-statement.ts";
import { sqlPolicies, type SqlPolicies } from "./policies.ts";
import { nearestHint, SqlError, sqlStates } from "./sql-error.ts";
import { canonicalText } from "./syntax/canonical-text.ts";
import type { CreateSource, Statement } from "./syntax/statement.ts";

/** SQLSTATEs of purification. */
export const purificationStates = {
  unreachable: "58030",
  timedOut: "58T01",
  refused: "58000",
  noTopic: sqlStates.noSuchObject,
} as const;

export interface PurificationLimits {
  /** For the whole step. */
  readonly deadline: Duration | Micros;
  /** The clock that the deadline is held by: `host.sleep`. */
  readonly sleep: (duration: Duration | Micros) => Promise<void>;
}

/**
 * The plan with all that it needs frozen, or why the statement fails; never rejects on failures of Kafka. Plans without
 * a foot outside, and sources that are purified, come back as they are and no client is made. The client is closed.
 */
export async function purify(
  plan: StatementPlan,
  kafka: (brokers: readonly string[]) => KafkaClient,
  { deadline, sleep }: PurificationLimits,
  policies: SqlPolicies = sqlPolicies,
): Promise<StatementPlan | SqlError> {
  if (plan.kind !== "create-sink" && (plan.kind !== "create-source" || plan.topicId !== undefined)) return plan;
  const client = kafka(plan.brokers);
  const examined = examine(plan, client, policies).catch((error: unknown) => failureOf(error, plan));
  const outcome = await Promise.race([examined, sleep(deadline)]);
  client.close();
  return outcome ?? timedOut(plan.brokers);
}

/** Where the statement names what purification found to be wrong: the topic, else the connection. */
export function purificationPlace({ code }: SqlError, statement: Statement): number | undefined {
  if (statement.kind !== "create-source" && statement.kind !== "create-sink") return undefined;
  return (code === purificationStates.noTopic ? statement.topic : statement.connection).position;
}

async function examine(
  plan: SourcePlan | SinkPlan,
  client: KafkaClient,
  policies: SqlPolicies,
): Promise<StatementPlan | SqlError> {
  if (plan.kind === "create-sink") {
    await policies.examineCluster(client, plan);
    return plan;
  }
  const topic = await policies.examineTopic(client, plan);
  return topic === undefined ? noTopic(plan.topic, await client.topics()) : frozen(plan, topic.id);
}

function frozen(plan: SourcePlan, topicId: string): SourcePlan {
  const statement = parseStatement(plan.sql) as CreateSource;
  const sql = canonicalText({ ...statement, topicId: { id: topicId, position: 1 } });
  return { ...plan, topicId, sql };
}

function noTopic(topic: string, known: readonly { readonly name: string }[]): SqlError {
  const names = known.map(({ name }) => name);
  return new SqlError(purificationStates.noTopic, `topic "${topic}" does not exist`, {
    hint: nearestHint(topic, names) ?? "Sources do not create topics.",
  });
}

/** Failures of Kafka are answers to the user; anything else is a bug and goes on. */
function failureOf(error: unknown, { kind, brokers, topic }: SourcePlan | SinkPlan): SqlError {
  const { code, failure } = error as Partial<KafkaFailure>;
  if (typeof code !== "string") throw error;
  const { message: detail } = describeKafkaFailure(code, {
    kind: kind === "create-sink" ? "sink" : "source",
    topic,
    brokers,
  });
  if (failure === "permanent" || failure === "fenced")
    return new SqlError(purificationStates.refused, `Kafka at ${brokers.join(", ")} refused`, {
      detail,
      hint: "Nothing has been created.",
    });
  return new SqlError(purificationStates.unreachable, `Kafka at ${brokers.join(", ")} cannot be reached`, {
    detail,
    hint: "Are the brokers of the connection right, and up?",
  });
}

function timedOut(brokers: readonly string[]): SqlError {
  return new SqlError(purificationStates.timedOut, `Kafka at ${brokers.join(", ")} did not answer in time`, {
    hint: "Nothing has been created; the statement can be sent again.",
  });
}
