/** Descriptions of objects for tests of replicas. */
import type { IngestionObject, MaterializedViewObject, Peek } from "../../../../src/engine/compute/protocol.ts";
import type { Plan } from "../../../../src/engine/sql/plan.ts";

const get: Plan = { kind: "get", id: "u1" };

export const view = (id: string, changes: Partial<MaterializedViewObject> = {}): MaterializedViewObject => ({
  kind: "materialized-view",
  id,
  incarnation: 1,
  plan: get,
  sources: [{ id: "u1", shard: "s1" }],
  asOf: 10,
  shard: `${id}-shard`,
  ...changes,
});

export const ingestion = (id: string, changes: Partial<IngestionObject> = {}): IngestionObject => ({
  kind: "ingestion",
  id,
  incarnation: 1,
  brokers: ["kafka:9092"],
  topic: "t",
  topicId: "x",
  columns: [{ name: "a", type: "int" }],
  envelope: "none",
  shard: `${id}-shard`,
  ...changes,
});

export const peek = (uuid: string, changes: Partial<Peek> = {}): Peek => ({
  uuid,
  plan: get,
  sources: [{ id: "u1", shard: "s1" }],
  asOf: 10,
  ...changes,
});
