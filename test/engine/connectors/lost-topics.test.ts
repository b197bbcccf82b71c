/** Topics that are deleted under a source or a sink, and such that only seem to be. */
import { beforeAll, describe, expect, it } from "vitest";
import { loadPgParser } from "../../../src/base/pg-parser.ts";
import { enginePolicies, type EnginePolicies } from "../../../src/engine/policies.ts";
import { replicaCrash, topicDeleted } from "../../../src/faults/public.ts";
import type { BodyContext } from "../../../src/runner/body.ts";
import { StreamingWorld } from "../../../src/world/streaming-world.ts";
import { runBody } from "../../support/bodies.ts";

beforeAll(loadPgParser);

function into(topic: string): string {
  return `INTO KAFKA CONNECTION k (TOPIC '${topic}') KEY (a) FORMAT JSON ENVELOPE UPSERT`;
}

/** Runs `steps` in a world with a topic, a source of it and a table. */
async function inWorld(
  steps: (database: StreamingWorld, context: Pick<BodyContext, "world" | "faults">) => Promise<void>,
): Promise<void> {
  const record = await runBody(
    async (context) => {
      const { world, policies } = context;
      const database = new StreamingWorld({ world, policies: policies as unknown as EnginePolicies });
      await database.upstream.createTopic("orders", 1);
      await database.ensure(
        "CREATE CONNECTION k TO KAFKA (BROKERS ('broker-1:9092', 'broker-2:9092', 'broker-3:9092'))",
      );
      await database.ensure("CREATE SOURCE orders (n int) FROM KAFKA CONNECTION k (TOPIC 'orders') FORMAT JSON");
      await database.ensure("CREATE TABLE t (a int)");
      await steps(database, context);
    },
    { policies: { ...enginePolicies } },
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
