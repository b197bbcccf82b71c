/** Brokers that are away, as the statuses of a source and a sink show it. */
import { beforeAll, describe, expect, it } from "vitest";
import { loadPgParser } from "../../../src/base/pg-parser.ts";
import { enginePolicies, type EnginePolicies } from "../../../src/engine/policies.ts";
import { kafkaOutage } from "../../../src/faults/public.ts";
import { statusPath } from "../../../src/invariants/connectors/status-path.ts";
import type { BodyContext } from "../../../src/runner/body.ts";
import type { InvariantDefinition } from "../../../src/runner/definition.ts";
import { StreamingWorld } from "../../../src/world/streaming-world.ts";
import { runBody } from "../../support/bodies.ts";

beforeAll(loadPgParser);

const at = "Kafka at broker-1:9092";

/** Runs `steps` in a world with a source and a sink of a table that run. */
async function inWorld(
  steps: (database: StreamingWorld, context: Pick<BodyContext, "world" | "faults">) => Promise<void>,
): Promise<void> {
  const record = await runBody(
    async (context) => {
      const { world, policies } = context;
      const database = new StreamingWorld({ world, policies: policies as unknown as EnginePolicies });
      await database.upstream.createTopic("orders", 2);
      await database.ensure("CREATE CONNECTION k TO KAFKA (BROKERS ('broker-1:9092'))");
      await database.ensure("CREATE SOURCE orders (n int) FROM KAFKA CONNECTION k (TOPIC 'orders') FORMAT JSON");
      await database.ensure("CREATE TABLE t (a int)");
      await database.ensure(
        "CREATE SINK out FROM t INTO KAFKA CONNECTION k (TOPIC 'out') KEY (a) FORMAT JSON ENVELOPE UPSERT",
      );
      await world.sleep("8s");
      await steps(database, context);
    },
    { policies: { ...enginePolicies }, invariants: [statusPath] as unknown as readonly InvariantDefinition[] },
  );
  expect(record.failure).toBeNull();
}

/** Status, code and error of the only connector in a relation. */
async function shown(database: StreamingWorld, relation: string): Promise<unknown> {
  return (await database.rows(`SELECT status, code, error FROM ${relation}`))[0];
}

async function path(database: StreamingWorld, kind: string): Promise<unknown> {
  const rows = await database.rows(`SELECT status, occurred_at FROM mz_${kind}_status_history ORDER BY occurred_at`);
  return rows.map(([status]) => status);
}

describe("an outage of all brokers", () => {
  it("shows in both statuses within four seconds, in words, and in neither once it is over", async () => {
    await inWorld(async (database, { world, faults }) => {
      expect(await shown(database, "mz_source_statuses")).toEqual(["running", null, null]);
      const heal = faults.inject(kafkaOutage, {});
      await database.rows("INSERT INTO t VALUES (1)");
      await world.sleep("4s");
      const refused = `${at} refuses connections (ECONNREFUSED)`;
      expect(await shown(database, "mz_source_statuses")).toEqual(["degraded", "ECONNREFUSED", refused]);
      expect(await shown(database, "mz_sink_statuses")).toEqual(["degraded", "ECONNREFUSED", refused]);
      const hints = await database.rows("SELECT message, hint, resolved_at FROM mz_connector_errors");
      expect(hints).toHaveLength(2);
      for (const [message, hint, resolved] of hints) {
        expect([message, resolved]).toEqual([refused, null]);
        expect(hint).toContain("broker-1:9092 is up");
      }
      heal();
      await world.sleep("12s");
      expect(await shown(database, "mz_source_statuses")).toEqual(["running", null, null]);
      expect(await shown(database, "mz_sink_statuses")).toEqual(["running", null, null]);
      expect(await path(database, "source")).toEqual(["starting", "running", "degraded", "running"]);
      expect(await path(database, "sink")).toEqual(["starting", "running", "degraded", "running"]);
    });
  });

  it("does not show when a broker is back within a second", async () => {
    await inWorld(async (database, { world, faults }) => {
      const heal = faults.inject(kafkaOutage, {});
      await database.rows("INSERT INTO t VALUES (1)");
      await world.sleep("100ms");
      heal();
      await world.sleep("20s");
      expect(await path(database, "source")).toEqual(["starting", "running"]);
      expect(await path(database, "sink")).toEqual(["starting", "running"]);
    });
  });

  it("ends the attempt when it lasts, with the same words", async () => {
    await inWorld(async (database, { world, faults }) => {
      const heal = faults.inject(kafkaOutage, {});
      await world.sleep("25s");
      const refused = `${at} refuses connections (ECONNREFUSED)`;
      expect(await shown(database, "mz_source_statuses")).toEqual(["stalled", "ECONNREFUSED", refused]);
      heal();
      await world.sleep("30s");
      expect(await path(database, "source")).toEqual(["starting", "running", "degraded", "stalled", "running"]);
    });
  });
});
