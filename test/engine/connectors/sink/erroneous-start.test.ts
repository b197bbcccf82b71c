/** A sink whose input is an error when it begins: nothing is sent, no progress is made, and nothing is lost. */
import { expect, it } from "vitest";
import { loadPgParser } from "../../../../src/base/pg-parser.ts";
import { enginePolicies, type EnginePolicies } from "../../../../src/engine/policies.ts";
import { replicaCrash } from "../../../../src/faults/public.ts";
import { exactDelivery } from "../../../../src/invariants/sinks/exact-delivery.ts";
import { followedInput } from "../../../../src/invariants/sinks/followed-input.ts";
import { progressBeyondAsOf } from "../../../../src/invariants/sinks/progress-beyond-as-of.ts";
import type { InvariantDefinition } from "../../../../src/runner/definition.ts";
import { StreamingWorld } from "../../../../src/world/streaming-world.ts";
import { runBody } from "../../../support/bodies.ts";

it("begins with its contents once the error is gone, also when it was started anew meanwhile", async () => {
  await loadPgParser();
  const from = "FROM KAFKA CONNECTION k (TOPIC 'states') FORMAT JSON ENVELOPE UPSERT";
  const into = "INTO KAFKA CONNECTION k (TOPIC 'out') KEY (key) FORMAT JSON ENVELOPE UPSERT";
  const sink: string[] = [];
  const record = await runBody(
    async ({ world, faults, settle, policies }) => {
      const database = new StreamingWorld({ world, policies: policies as unknown as EnginePolicies });
      const produce = (key: string, value: string) => database.upstream.produce("states", key, value);
      await database.upstream.createTopic("states", 1);
      await database.ensure("CREATE CONNECTION k TO KAFKA (BROKERS ('broker-1:9092'))");
      await database.ensure(`CREATE SOURCE states (key text, n int) ${from}`);
      await produce("well", '{"n":1}');
      await produce("garbage", "{");
      // The past is let go of, so that the sink cannot begin before the error.
      await world.sleep("35s");
      await database.ensure(`CREATE SINK out FROM states ${into}`);
      await world.sleep("8s");
      faults.inject(replicaCrash, { prefix: "clusterd" });
      await world.sleep("5s");
      await produce("garbage", '{"n":2}');
      await world.sleep("20s");
      await settle({ within: "60s" });
      const rows = await database.rows("SELECT status FROM mz_sink_statuses");
      sink.push(...rows.map(([status]) => status as string));
    },
    {
      invariants: [exactDelivery, progressBeyondAsOf, followedInput] as unknown as readonly InvariantDefinition[],
      policies: { ...enginePolicies },
    },
  );
  expect(record.failure).toBeNull();
  expect(sink).toEqual(["running"]);
});
