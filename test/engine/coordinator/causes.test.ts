/** What a connector's error of class `input` is put down to. */
import { oneCluster } from "../../../src/engine/sql/planning/cluster-scope.ts";
import { beforeAll, describe, expect, it } from "vitest";
import { loadPgParser } from "../../../src/base/pg-parser.ts";
import type { HealthUpdate } from "../../../src/engine/compute/protocol.ts";
import { causeOf } from "../../../src/engine/coordinator/health/cause.ts";
import { emptyFold, foldStatus, type StatusFold } from "../../../src/engine/coordinator/health/status-row.ts";
import { itemOf, kindOf } from "../../../src/engine/coordinator/objects/item.ts";
import { planStored, Schema } from "../../../src/engine/coordinator/objects/schema.ts";
import { relationRows } from "../../../src/engine/coordinator/system/relations.ts";

beforeAll(loadPgParser);

const connector = "KAFKA CONNECTION k (TOPIC 'x') FORMAT JSON ENVELOPE";
const statements = [
  "CREATE CONNECTION k TO KAFKA (BROKER 'a:1')",
  `CREATE SOURCE s (a int) FROM ${connector} NONE`,
  `CREATE SOURCE r (a int) FROM ${connector} NONE`,
  "CREATE VIEW v AS SELECT a FROM s",
  "CREATE MATERIALIZED VIEW one AS SELECT a FROM v",
  "CREATE MATERIALIZED VIEW two AS SELECT v.a FROM v JOIN r USING (a)",
  `CREATE SINK o FROM one INTO ${connector} DEBEZIUM`,
  `CREATE SINK d FROM two INTO ${connector} DEBEZIUM`,
] as const;

/** Ids are `u1` and so on, in the order of the statements. */
function schemaOf(sqls: readonly string[]): Schema {
  const schema = new Schema();
  for (const [index, sql] of sqls.entries()) {
    const plan = planStored(sql, schema, oneCluster);
    const value = { name: plan.name, kind: kindOf(plan), sql: plan.sql, cluster: "c1", incarnation: 1, createdAt: 1 };
    schema.add(itemOf(`u${index + 1}`, value, undefined, plan));
  }
  return schema;
}

function foldOf(...updates: readonly Partial<HealthUpdate>[]): StatusFold {
  const fold = emptyFold();
  for (const [index, more] of updates.entries()) {
    const well = { error: null, class: null, code: null, namespace: "kafka", hint: null, occurrences: 0 } as const;
    const type = more.id === "u2" || more.id === "u3" ? "source" : "sink";
    foldStatus(fold, { id: "u7", incarnation: 1, status: "running", ...well, at: 7, ...more, type, seq: index + 1 });
  }
  return fold;
}

const failed = { status: "failed", error: "gone", class: "definite", code: "UNKNOWN_TOPIC_ID" } as const;
const held = (id: string, code: string) =>
  ({ id, status: "stalled", error: "no", class: "input", namespace: "input", code, occurrences: 1 }) as const;

describe("the cause of an input's error", () => {
  it("is the source that has failed, the only one that can hold an undecodable record, or the input itself", () => {
    const schema = schemaOf(statements);
    expect(causeOf("u7", "22012", schema, foldOf())).toBe("u5");
    expect(causeOf("u7", "22P02", schema, foldOf())).toBe("u2");
    expect(causeOf("u8", "22P02", schema, foldOf())).toBe("u6");
    expect(causeOf("u8", "22P02", schema, foldOf({ id: "u3", ...failed }))).toBe("u3");
    expect(causeOf("u8", "22P02", schema, foldOf({ id: "u3", ...failed }, { id: "u2", ...failed }))).toBe("u2");
    expect(causeOf("u7", "22012", schema, foldOf({ id: "u3", ...failed }))).toBe("u5");
    expect(causeOf("u2", "22P02", schema, foldOf())).toBeNull();
  });

  it("is asked of the catalog of now", () => {
    const [before, after] = [schemaOf(statements), schemaOf(statements)];
    for (const id of ["u7", "u5", "u4", "u2"]) after.remove(id);
    const fold = foldOf(held("u7", "22P02"));
    const shown = (schema: Schema) =>
      relationRows["mz_connector_errors"]!({ schema, statuses: fold } as never).map((row) => row.at(-1));
    expect(shown(before)).toEqual(["u2"]);
    expect(shown(after)).toEqual([null]);
  });
});

describe("a sink that an error of its input holds up", () => {
  const rows = (fold: StatusFold, replicas: readonly object[] = [{}]) =>
    relationRows["mz_sink_statuses"]!({
      schema: schemaOf(statements),
      statuses: fold,
      clusters: [
        { id: "c1", replicas },
        { id: "c2", replicas: [] },
      ],
    } as never)
      .filter(([id]) => id === "u7")
      .map(([, , , , status, , errorClass, , , effective, cause]) => [status, errorClass, effective, cause])[0];

  it("waits itself and has failed in effect, until it runs again", () => {
    expect(rows(foldOf())).toEqual(["created", null, "created", null]);
    expect(rows(foldOf(held("u7", "22012")))).toEqual(["stalled", "input", "failed", "u5"]);
    expect(rows(foldOf(held("u7", "22012"), {}))).toEqual(["running", null, "running", null]);
  });

  it("has failed in effect also while something else holds it up, or it begins again", () => {
    const down = { status: "stalled", error: "down", class: "transient", code: "ECONNREFUSED" } as const;
    expect(rows(foldOf(held("u7", "22012"), down))).toEqual(["stalled", "transient", "failed", "u5"]);
    expect(rows(foldOf(held("u7", "22012"), { status: "starting" }))).toEqual(["starting", null, "failed", "u5"]);
    expect(rows(foldOf(down))).toEqual(["stalled", "transient", "stalled", null]);
  });

  it("is paused in effect while no replica runs it, unless it has failed for good", () => {
    expect(rows(foldOf(), [])).toEqual(["created", null, "paused", null]);
    expect(rows(foldOf({}), [])).toEqual(["running", null, "paused", null]);
    expect(rows(foldOf(held("u7", "22012")), [])).toEqual(["stalled", "input", "paused", null]);
    expect(rows(foldOf({ id: "u7", ...failed }), [])).toEqual(["failed", "definite", "failed", null]);
  });
});
