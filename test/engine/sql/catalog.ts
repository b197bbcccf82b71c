/** A catalog in memory for tests of planning: statements that create are planned and kept. */
import type { CatalogLookup, CreatePlan, ItemKind, ResolvedItem, StatementPlan } from "../../../src/engine/sql/plan.ts";
import { parseStatement } from "../../../src/engine/sql/parse-statement.ts";
import { planStatement, type PlanOptions } from "../../../src/engine/sql/plan-statement.ts";

export class TestCatalog implements CatalogLookup {
  readonly #items = new Map<string, ResolvedItem>();

  constructor(...statements: readonly string[]) {
    for (const sql of statements) this.create(sql);
  }

  resolve(name: string): ResolvedItem | undefined {
    return this.#items.get(name);
  }

  names(): readonly string[] {
    return [...this.#items.keys()];
  }

  plan(sql: string, options?: PlanOptions): StatementPlan {
    return planStatement(parseStatement(sql), this, options);
  }

  create(sql: string): CreatePlan {
    const plan = this.plan(sql, { isStored: true }) as CreatePlan;
    const id = `u${this.#items.size + 1}`;
    this.#items.set(plan.name, {
      id,
      name: plan.name,
      kind: plan.kind.replace("create-", "") as ItemKind,
      columns: "columns" in plan && plan.kind !== "create-sink" ? plan.columns : [],
      sql: plan.sql,
      ...(plan.kind === "create-view" ? { plan: plan.plan } : {}),
      ...(plan.kind === "create-connection" ? { brokers: plan.brokers } : {}),
    });
    return plan;
  }
}

/** The error that a step fails with, without its class. */
export function failure(step: () => unknown): Record<string, unknown> {
  try {
    step();
  } catch (error) {
    return { ...(error as object), message: (error as Error).message };
  }
  throw new Error("nothing failed");
}

/** One object of each kind. */
export const sampleObjects: readonly string[] = [
  "CREATE CONNECTION k TO KAFKA (BROKERS ('a:1', 'b:2'))",
  "CREATE SOURCE s (a int, b text) FROM KAFKA CONNECTION k (TOPIC 'in') FORMAT JSON",
  "CREATE TABLE t (a int, c bool)",
  "CREATE VIEW v AS SELECT a, count(*) AS n FROM s WHERE b IS NOT NULL GROUP BY a",
  "CREATE MATERIALIZED VIEW m (x, y) AS SELECT v.a, n + 1 FROM v JOIN t USING (a) WHERE c",
  "CREATE SINK o FROM m INTO KAFKA CONNECTION k (TOPIC 'out', PARTITION COUNT 3) KEY (y) FORMAT JSON ENVELOPE UPSERT",
];
