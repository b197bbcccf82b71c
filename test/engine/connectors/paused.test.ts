/** A sink whose cluster has no replica, and gets one again. */
import { expect, it } from "vitest";
import { loadPgParser } from "../../../src/base/pg-parser.ts";
import { enginePolicies } from "../../../src/engine/policies.ts";
import { runningConnectors } from "../../../src/invariants/connectors/running-connectors.ts";
import { shownStatuses } from "../../../src/invariants/connectors/shown-statuses.ts";
import type { InvariantDefinition } from "../../../src/runner/definition.ts";
import { StreamingWorld } from "../../../src/world/streaming-world.ts";
import { runBody } from "../../support/bodies.ts";

it("is paused in effect as long as it has none", async () => {
  await loadPgParser();
  const seen: unknown[] = [];
  const record = await runBody(
    async ({ world, settle }) => {
      const database = new StreamingWorld({ world, policies: enginePolicies });
      const look = async (): Promise<void> => {
        const columns = "status, effective_status, caused_by_id, name";
        const rows = await database.rows(`SELECT ${columns} FROM mz_sink_statuses ORDER BY name`);
        seen.push(...rows.map((row) => row.slice(0, 3)));
      };
      await database.ensure("CREATE CONNECTION k TO KAFKA (BROKERS ('broker-1:9092'))");
      await database.ensure("CREATE TABLE t (a int)");
      await database.ensure("CREATE CLUSTER c REPLICAS (one (SIZE '1-1'))");
      const into = "INTO KAFKA CONNECTION k (TOPIC 'out') KEY (a) FORMAT JSON ENVELOPE UPSERT";
      await database.ensure(`CREATE SINK out IN CLUSTER c FROM t ${into}`);
      await world.sleep("20s");
      await look();
      await database.ensure("DROP CLUSTER REPLICA c.one");
      await look();
      await world.sleep("40s");
      await look();
      // One that nothing ever ran is paused as well, and that it does not run is nobody's fault.
      await database.ensure(`CREATE SINK late IN CLUSTER c FROM t ${into.replace("'out'", "'late'")}`);
      await look();
      await database.ensure("DROP SINK out");
      await settle({ within: "1s" });
      await database.ensure("CREATE CLUSTER REPLICA c.two SIZE '1-1'");
      await world.sleep("25s");
      await look();
    },
    { invariants: [shownStatuses, runningConnectors] as unknown as readonly InvariantDefinition[] },
  );
  expect(record.failure).toBeNull();
  expect(seen).toEqual([
    ["running", "running", null],
    ["running", "paused", null],
    ["running", "paused", null],
    ["created", "paused", null],
    ["running", "paused", null],
    ["running", "running", null],
  ]);
});
