/** Purification: what it freezes, what it says when Kafka does not play along, and that it leaves no trace there. */
import { beforeAll, describe, expect, it } from "vitest";
import { loadPgParser } from "../../../src/base/pg-parser.ts";
import type { CreatePlan, SourcePlan, StatementPlan } from "../../../src/engine/sql/plan.ts";
import { sqlPolicies } from "../../../src/engine/sql/policies.ts";
import { parseStatement } from "../../../src/engine/sql/parse-statement.ts";
import { purificationPlace, purify } from "../../../src/engine/sql/purify.ts";
import { SqlError } from "../../../src/engine/sql/sql-error.ts";
import type { KafkaClient, TopicInfo } from "../../../src/ports/kafka.ts";
import { failure, TestCatalog } from "./catalog.ts";

beforeAll(loadPgParser);

const connection = "CREATE CONNECTION k TO KAFKA (BROKERS ('a:1', 'b:2'))";
const source = "CREATE SOURCE s (a int) FROM KAFKA CONNECTION k (TOPIC 'orders') FORMAT JSON";
const sink = "CREATE SINK o FROM t INTO KAFKA CONNECTION k (TOPIC 'out') ENVELOPE DEBEZIUM";
const catalog = () => new TestCatalog(connection, "CREATE TABLE t (a int)");

/** A cluster that notes what is asked of it; everything but reading the list of topics would be a change or a need. */
class FakeKafka {
  readonly asked: string[] = [];
  readonly #topics: () => Promise<readonly TopicInfo[]>;

  constructor(topics: () => Promise<readonly TopicInfo[]>) {
    this.#topics = topics;
  }

  readonly client = (brokers: readonly string[]): KafkaClient => {
    this.asked.push(`client ${brokers.join(" ")}`);
    const known: Partial<KafkaClient> = {
      topics: () => {
        this.asked.push("topics");
        return this.#topics();
      },
      createTopic: (name) => {
        this.asked.push(`create ${name}`);
        return Promise.resolve("created");
      },
      close: () => {
        this.asked.push("close");
      },
    };
    return known as KafkaClient;
  };
}

const orders = { name: "orders", id: "id-7", partitions: 2 };
const limits = { deadline: "5s", sleep: () => new Promise<void>(() => undefined) } as const;

function failing(code: string, kind: "transient" | "permanent"): FakeKafka {
  return new FakeKafka(() => Promise.reject(Object.assign(new Error("no"), { code, failure: kind })));
}

async function refusal(kafka: FakeKafka, sql = source): Promise<SqlError> {
  const outcome = await purify(catalog().plan(sql), kafka.client, limits);
  expect(outcome).toBeInstanceOf(SqlError);
  return outcome as SqlError;
}

describe("purification", () => {
  it("freezes the topic of a source into a statement that plans again to the same", async () => {
    const kafka = new FakeKafka(() => Promise.resolve([orders]));
    const purified = (await purify(catalog().plan(source), kafka.client, limits)) as SourcePlan;
    expect(purified.topicId).toBe("id-7");
    expect(catalog().plan(purified.sql, { isStored: true })).toEqual(purified);
    expect(failure(() => catalog().plan(purified.sql))).toMatchObject({ code: "42601" });
    expect(kafka.asked).toEqual(["client a:1 b:2", "topics", "close"]);
  });

  it("only looks whether a sink's cluster is there", async () => {
    const kafka = new FakeKafka(() => Promise.resolve([]));
    const plan = catalog().plan(sink);
    expect(await purify(plan, kafka.client, limits)).toEqual(plan);
    expect(kafka.asked).toEqual(["client a:1 b:2", "topics", "close"]);
  });

  it("asks nothing for statements that need nothing, nor for what is purified", async () => {
    const kafka = failing("ECONNREFUSED", "transient");
    const plans: StatementPlan[] = ["SELECT 1", "CREATE VIEW v AS SELECT 1", "DROP TABLE t"].map((sql) =>
      catalog().plan(sql),
    );
    const stored = source.replace("'orders'", "'orders', TOPIC ID 'id-1'");
    plans.push(catalog().plan(stored, { isStored: true }) as CreatePlan);
    for (const plan of plans) expect(await purify(plan, kafka.client, limits)).toBe(plan);
    expect(kafka.asked).toEqual([]);
  });

  it("names the topic that is nearest to one that does not exist", async () => {
    const kafka = new FakeKafka(() => Promise.resolve([{ ...orders, name: "order" }]));
    expect(await refusal(kafka)).toMatchObject({ code: "42704", hint: 'Did you mean "order"?' });
    expect(kafka.asked.at(-1)).toBe("close");
  });

  it("tells a cluster that is gone from one that refuses", async () => {
    for (const sql of [source, sink]) {
      expect(await refusal(failing("ECONNREFUSED", "transient"), sql)).toMatchObject({
        code: "58030",
        detail: "Kafka at a:1, b:2 refuses connections (ECONNREFUSED)",
      });
      expect(await refusal(failing("INVALID_TOPIC", "permanent"), sql)).toMatchObject({
        code: "58000",
        detail: expect.stringContaining("INVALID_TOPIC"),
      });
    }
  });

  it("is wrong about the topic or the connection, and says where the statement names it", async () => {
    const place = (error: SqlError, sql: string) => purificationPlace(error, parseStatement(sql));
    const absent = await refusal(new FakeKafka(() => Promise.resolve([])));
    expect(source.slice(place(absent, source)! - 1)).toMatch(/^'orders'/);
    for (const sql of [source, sink]) {
      const down = await refusal(failing("ECONNREFUSED", "transient"), sql);
      expect(sql.slice(place(down, sql)! - 1)).toMatch(/^k \(TOPIC/);
    }
    expect(place(absent, "DROP TABLE t")).toBeUndefined();
  });

  it("ends at its deadline, and what comes later has no effect", async () => {
    let answer: (topics: readonly TopicInfo[]) => void = () => undefined;
    const kafka = new FakeKafka(() => new Promise((resolve) => (answer = resolve)));
    const slept: unknown[] = [];
    const sleep = (duration: unknown) => Promise.resolve(void slept.push(duration));
    const outcome = await purify(catalog().plan(source), kafka.client, { deadline: "5s", sleep });
    answer([orders]);
    expect(outcome).toMatchObject({ code: "58T01" });
    expect(slept).toEqual(["5s"]);
    expect(kafka.asked).toEqual(["client a:1 b:2", "topics", "close"]);
  });

  it("takes an error without a code for the bug that it is", async () => {
    const kafka = new FakeKafka(() => Promise.reject(new TypeError("x is not a function")));
    await expect(purify(catalog().plan(source), kafka.client, limits)).rejects.toThrow(TypeError);
  });

  it("can be given a policy that leaves traces, which is how the bug is planted", async () => {
    const kafka = new FakeKafka(() => Promise.resolve([]));
    const policies = {
      ...sqlPolicies,
      examineCluster: (client: KafkaClient, { topic }: { readonly topic: string }) =>
        client.createTopic(topic, { partitions: 1 }),
    };
    await purify(catalog().plan(sink), kafka.client, limits, policies);
    expect(kafka.asked).toContain("create out");
  });
});
