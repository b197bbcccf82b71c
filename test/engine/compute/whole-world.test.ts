/** What the control plane does to data in a whole world: environments and replicas come and go, every row counts once. */
import { beforeAll, describe, expect, it } from "vitest";
import { loadPgParser } from "../../../src/base/pg-parser.ts";
import { crash, oneWayPartition, orchestratorDown } from "../../../src/faults/public.ts";
import { invariantDefinitions } from "../../../src/invariants/registry.ts";
import type { TraceLine } from "../../../src/kernel/trace.ts";
import { inDatabase, type Steps } from "../../world/in-database.ts";

beforeAll(loadPgParser);

interface Seen {
  readonly process: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Runs `steps` under every invariant in a world with a table `t (n int)` that holds 1; returns what was observed. */
async function inWorld(steps: Steps): Promise<(kind: string) => readonly Seen[]> {
  const settled: Steps = async (db, context) => {
    await steps(db, context);
    await context.settle({ within: "90s" });
  };
  const setup = { invariants: invariantDefinitions, run: { record: true } };
  const { trace } = await inDatabase(["CREATE TABLE t (n int)", "INSERT INTO t VALUES (1)"], settled, setup);
  return (kind) => trace.filter((line) => line.kind === kind).map(seen);
}

function seen({ process, text }: TraceLine): Seen {
  return { process, data: JSON.parse(text) as Seen["data"] };
}

describe("an environment that dies over a living replica", () => {
  it("finds its dataflows running: none is rendered again, and rows of before and after arrive once", async () => {
    const of = await inWorld(async (db, { world, faults }) => {
      await db.ensure("CREATE MATERIALIZED VIEW m AS SELECT n, count(*) AS times FROM t GROUP BY n");
      await db.ensure("CREATE MATERIALIZED VIEW c AS SELECT sum(times) AS rows FROM m");
      expect(await db.rows("SELECT rows FROM c")).toEqual([[1]]);
      for (const n of [2, 3]) {
        await world.sleep("10s");
        faults.inject(crash, { host: "env-1" });
        await db.ensure(`INSERT INTO t VALUES (${n})`);
        await world.sleep("10s");
      }
      // The first session ended with the first environment.
      const later = db.session("later");
      expect((await later.query("SELECT rows FROM c")).rows).toEqual([[3]]);
      expect((await later.query("SELECT n, times FROM m ORDER BY n")).rows).toEqual([
        [1, 1],
        [2, 1],
        [3, 1],
      ]);
    });
    expect(of("dataflow.rendered").map(({ data }) => data["id"])).toEqual(["u2", "u3"]);
    const [first, ...later] = of("replica.reconciled").map(({ data }) => [data["kept"], data["created"]]);
    expect(first).toEqual([[], []]);
    expect(later).toEqual([
      [["u2", "u3"], []],
      [["u2", "u3"], []],
    ]);
  });
});

describe("a source and a sink whose replica is dropped", () => {
  it("move to the next one, while the old one still runs and cannot be told", async () => {
    const of = await inWorld(async (db, { world, faults }) => {
      await db.upstream.createTopic("orders", 2);
      const produce = (n: number) => db.upstream.produce("orders", null, JSON.stringify({ n }));
      await db.ensure("CREATE CLUSTER c REPLICAS (old (SIZE '1-1'), next (SIZE '1-1'))");
      await db.ensure("CREATE CONNECTION k TO KAFKA (BROKERS ('broker-1:9092', 'broker-2:9092'))");
      const source = "FROM KAFKA CONNECTION k (TOPIC 'orders') FORMAT JSON";
      await db.ensure(`CREATE SOURCE orders IN CLUSTER c (n int) ${source}`);
      const into = "INTO KAFKA CONNECTION k (TOPIC 'out') KEY (n) FORMAT JSON ENVELOPE UPSERT";
      await db.ensure("CREATE MATERIALIZED VIEW m IN CLUSTER c AS SELECT n, count(*) AS times FROM orders GROUP BY n");
      await db.ensure(`CREATE SINK s IN CLUSTER c FROM m ${into}`);
      await produce(1);
      await world.sleep("20s");
      const heals = [
        faults.inject(orchestratorDown, {}),
        faults.inject(oneWayPartition, { a: "env-1", b: "clusterd-r2-0" }),
      ];
      await db.ensure("DROP CLUSTER REPLICA c.old");
      for (const n of [2, 3]) {
        await produce(n);
        await world.sleep("20s");
      }
      expect(world.host("clusterd-r2-0").hasLeft()).toBe(false);
      expect(await db.rows("SELECT n, times FROM m ORDER BY n")).toEqual([
        [1, 1],
        [2, 1],
        [3, 1],
      ]);
      // Until it is removed, they take the sink from each other.
      for (const heal of heals) heal();
      await world.until(() => world.host("clusterd-r2-0").hasLeft(), { every: "1s" });
      await produce(4);
      await world.sleep("30s");
    });
    const hosts = of("sink.resumed").map(({ process }) => process.replace(/#.*/, ""));
    expect(hosts[0]).toBe("clusterd-r2-0");
    expect(hosts).toContain("clusterd-r3-0");
    expect(of("sink.fenced").map(({ process }) => process)).toContain("clusterd-r2-0#1");
    expect(of("sink.committed").at(-1)!.process).toBe("clusterd-r3-0#1");
  });
});

describe("a query that kills whoever answers it", () => {
  it("kills its replica twice, is refused then, and the replica serves again", async () => {
    const of = await inWorld(async (db, { world }) => {
      const failure = await db.rows("SELECT mz_panic('gone') FROM t").catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: "57P02" });
      await world.sleep("5s");
      expect(await db.rows("SELECT n FROM t")).toEqual([[1]]);
      expect(await db.rows("SELECT mz_panic('nobody') AS p FROM t WHERE n = 2")).toEqual([]);
    });
    const poisoned = of("process.exited").filter(({ data }) => data["reason"] === "poison");
    expect(poisoned).toHaveLength(2);
  });
});
