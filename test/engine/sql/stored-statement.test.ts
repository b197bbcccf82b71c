/** S-CRE-3: the statement that is stored plans again, without any network, to an equal plan. */
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { loadPgParser } from "../../../src/base/pg-parser.ts";
import type { CreatePlan, SinkPlan, SourcePlan } from "../../../src/engine/sql/plan.ts";
import { sampleObjects, TestCatalog } from "./catalog.ts";
import { queries, tables } from "./random-query.ts";

beforeAll(loadPgParser);

describe("stored statements", () => {
  it("plan again to an equal plan, with an equal text", () => {
    const empty = new TestCatalog();
    for (const sql of sampleObjects) {
      const before = catalogPlan(empty, sql);
      expect(catalogPlan(empty, before.sql)).toEqual(before);
      empty.create(sql);
    }
  });

  it("keep strange names and texts, and what purification froze", () => {
    const strange = new TestCatalog(
      `CREATE CONNECTION "Select ""x""" TO KAFKA (BROKER 'a:1')`,
      `CREATE TABLE "from" ("1é" int, "A b" text)`,
    );
    const source = `CREATE SOURCE "s;" ("key" text, "'" int) FROM KAFKA CONNECTION "Select ""x""" (TOPIC 't', TOPIC ID 'i''d') FORMAT JSON ENVELOPE UPSERT`;
    const first = strange.plan(source, { isStored: true }) as SourcePlan;
    expect(first).toMatchObject({ topicId: "i'd", name: "s;" });
    expect(strange.plan(first.sql, { isStored: true })).toEqual(first);
    const view = strange.plan(
      `CREATE VIEW "V" AS SELECT "1é" - -3 AS "--", '/*''' || "A b" AS ";" FROM "from"`,
    ) as CreatePlan;
    expect(strange.plan(view.sql)).toEqual(view);
    const sink = `CREATE SINK x FROM "from" INTO KAFKA CONNECTION "Select ""x""" (TOPIC 't') KEY ("A b") ENVELOPE UPSERT`;
    const planned = strange.plan(sink) as SinkPlan;
    expect(strange.plan(planned.sql)).toEqual(planned);
  });

  it("of random views plan again to an equal plan", () => {
    fc.assert(
      fc.property(queries, ({ views }) => {
        const random = new TestCatalog(...tables);
        for (const sql of views) {
          const before = catalogPlan(random, sql);
          expect(catalogPlan(random, before.sql)).toEqual(before);
          random.create(sql);
        }
      }),
      { numRuns: 60, seed: 5 },
    );
  });
});

function catalogPlan(within: TestCatalog, sql: string): CreatePlan {
  return within.plan(sql, { isStored: true }) as CreatePlan;
}
