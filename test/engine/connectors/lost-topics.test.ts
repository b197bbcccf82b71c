/** Topics that are deleted under a source or a sink, and such that only seem to be. */
import { beforeAll, describe, expect, it } from "vitest";
import { loadPgParser } from "../../../src/base/pg-parser.ts";
import { enginePolicies, type EnginePolicies } from "../../../src/engine/policies.ts";
import { kafkaOutage, replicaCrash, topicDeleted } from "../../../src/faults/public.ts";
import { recordedFailure } from "../../../src/invariants/connectors/recorded-failure.ts";
import type { BodyContext } from "../../../src/runner/body.ts";
import type { InvariantDefinition } from "../../../src/runner/definition.ts";
import { kafkaClient } from "../../../src/sim/kafka/client/kafka-client.ts";
import { StreamingWorld } from "../../../src/world/streaming-world.ts";
import { runBody } from "../../support/bodies.ts";

beforeAll(loadPgParser);

const brokers = [1, 2, 3].map((index) => `broker-${index}:9092`);

function into(topic: string, key = "a"): string {
  return `INTO KAFKA CONNECTION k (TOPIC '${topic}') KEY (${key}) FORMAT JSON ENVELOPE UPSERT`;
}

/** Runs `steps` in a world with a topic, a source of it and a table. */
async function inWorld(
  steps: (database: StreamingWorld, context: Pick<BodyContext, "world" | "faults">) => Promise<void>,
  policiesOfTest: Partial<EnginePolicies> = {},
): Promise<void> {
  const record = await runBody(
    async (context) => {
      const { world, policies } = context;
      const database = new StreamingWorld({ world, policies: policies as unknown as EnginePolicies });
      await database.upstream.createTopic("orders", 1);
      await database.ensure(
        `CREATE CONNECTION k TO KAFKA (BROKERS (${brokers.map((broker) => `'${broker}'`).join(", ")}))`,
      );
      await database.ensure("CREATE SOURCE orders (n int) FROM KAFKA CONNECTION k (TOPIC 'orders') FORMAT JSON");
      await database.ensure("CREATE TABLE t (a int)");
      await steps(database, context);
    },
    {
      policies: { ...enginePolicies, ...policiesOfTest },
      invariants: [recordedFailure] as unknown as readonly InvariantDefinition[],
    },
  );
  expect(record.failure).toBeNull();
}

/** Status and error of the last connector in a relation. */
async function shown(database: StreamingWorld, relation: string): Promise<unknown> {
  const rows = await database.rows(`SELECT name, status, error FROM ${relation}`);
  return rows.at(-1)?.slice(1);
}

describe("a source whose topic was deleted", () => {
  it("has failed, and still has when its replica comes back", async () => {
    await inWorld(async (database, { world, faults }) => {
      await world.sleep("5s");
      faults.inject(topicDeleted, { topic: "orders" });
      await world.sleep("10s");
      const failed = ["failed", 'topic "orders" was deleted, or created again'];
      expect(await shown(database, "mz_source_statuses")).toEqual(failed);
      faults.inject(replicaCrash, { prefix: "clusterd" });
      await world.sleep("20s");
      expect(await shown(database, "mz_source_statuses")).toEqual(failed);
    });
  });

  it("still has failed when its replica comes back and no broker is there to ask", async () => {
    await inWorld(async (database, { world, faults }) => {
      await world.sleep("5s");
      faults.inject(topicDeleted, { topic: "orders" });
      await world.sleep("5s");
      const before = await database.rows("SELECT status, error, code, hint FROM mz_source_statuses");
      expect(before[0]?.slice(0, 2)).toEqual(["failed", 'topic "orders" was deleted, or created again']);
      faults.inject(kafkaOutage, {});
      faults.inject(replicaCrash, { prefix: "clusterd" });
      await world.sleep("20s");
      expect(await database.rows("SELECT status, error, code, hint FROM mz_source_statuses")).toEqual(before);
    });
  });

  it("has failed, too, when the topic was deleted while its replica was away", async () => {
    await inWorld(async (database, { world, faults }) => {
      await world.sleep("5s");
      faults.inject(replicaCrash, { prefix: "clusterd" });
      faults.inject(topicDeleted, { topic: "orders" });
      await world.sleep("30s");
      const failed = ["failed", 'topic "orders" was deleted, or created again'];
      expect(await shown(database, "mz_source_statuses")).toEqual(failed);
      await expect(database.rows("SELECT * FROM orders")).rejects.toMatchObject({ code: "XX000" });
    });
  });

  it("has failed for its readers, too, when it was made by what a broker knew that lagged behind", async () => {
    await inWorld(async (database, { world, faults }) => {
      faults.inject(topicDeleted, { topic: "orders" });
      await world.sleep("5ms");
      const again = database.upstream.createTopic("orders", 1);
      await database.ensure("CREATE SOURCE late (n int) FROM KAFKA CONNECTION k (TOPIC 'orders') FORMAT JSON");
      await again;
      await world.sleep("10s");
      const failed = ["failed", 'topic "orders" was deleted, or created again'];
      expect(await shown(database, "mz_source_statuses")).toEqual(failed);
      await expect(database.rows("SELECT * FROM late")).rejects.toMatchObject({ code: "XX000", message: failed[1] });
    });
  });

  it("answers whoever reads it, or what is made of it, with its error at once", async () => {
    await inWorld(async (database, { world, faults }) => {
      await database.ensure("CREATE MATERIALIZED VIEW sums AS SELECT sum(n) AS sum FROM orders");
      await database.ensure("INSERT INTO t VALUES (1)");
      await world.sleep("5s");
      faults.inject(topicDeleted, { topic: "orders" });
      await world.sleep("10s");
      const asked = world.now;
      for (const sql of ["SELECT * FROM orders", "SELECT * FROM sums", "SELECT a FROM t JOIN orders ON a = n"]) {
        const error = await database.rows(sql).catch((refusal: unknown) => refusal);
        expect(error).toMatchObject({ code: "XX000", message: 'topic "orders" was deleted, or created again' });
      }
      expect(await database.rows("SELECT * FROM t")).toEqual([[1]]);
      expect(world.now - asked).toBeLessThan(1_000_000);
    });
  });
});

describe("a sink", () => {
  it.each([20, 300])("runs on at a new replica whose broker has not yet heard of its topic, %i ms old", async (age) => {
    await inWorld(async (database, { world }) => {
      await database.ensure(`CREATE SINK first FROM t ${into("first")}`);
      await world.sleep("5s");
      await database.ensure(`CREATE SINK out FROM t ${into("out")}`);
      await world.sleep(`${age}ms`);
      database.deploy();
      await world.sleep("30s");
      expect(await shown(database, "mz_sink_statuses")).toEqual(["running", null]);
    });
  });

  it("sends what its input holds although the input stands still", async () => {
    // The source is compacted up to where it stands, and waits for its topic for ever.
    const stands = {
      connectors: { ...enginePolicies.connectors, isTopicGone: () => false },
      coordinator: {
        ...enginePolicies.coordinator,
        sinceTarget: (_applied: number, needed: readonly number[]) => Math.min(...needed),
      },
    };
    await inWorld(async (database, { world, faults }) => {
      await database.upstream.produce("orders", null, '{"n":7}');
      await world.sleep("1s");
      faults.inject(replicaCrash, { prefix: "clusterd" });
      faults.inject(topicDeleted, { topic: "orders" });
      await world.sleep("20s");
      await database.ensure(`CREATE SINK out FROM orders ${into("out", "n")}`);
      await world.sleep("10s");
      expect(await shown(database, "mz_sink_statuses")).toEqual(["running", null]);
      const kafka = kafkaClient(world.host("upstream"), brokers);
      const { id } = (await kafka.topic("out"))!;
      const options = { isolation: "read_committed", maxWait: "1s", maxRecords: 10 } as const;
      const { records } = await kafka.fetch({ topic: "out", topicId: id, partition: 0 }, 0, options);
      expect(records.map(({ value }) => value)).toEqual(['{"n":7}']);
    }, stands);
  });

  it("fails when its topic was deleted while it was away", async () => {
    await inWorld(async (database, { world, faults }) => {
      await database.ensure("INSERT INTO t VALUES (1)");
      await database.ensure(`CREATE SINK out FROM t ${into("out")}`);
      await world.sleep("5s");
      faults.inject(topicDeleted, { topic: "out" });
      faults.inject(replicaCrash, { prefix: "clusterd" });
      await world.sleep("40s");
      const error = 'topic "out" is gone, but the progress of the sink is not';
      expect(await shown(database, "mz_sink_statuses")).toEqual(["failed", error]);
    });
  });
});
