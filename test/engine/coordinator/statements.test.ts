/** What one environment answers. */
import { beforeAll, describe, expect, it } from "vitest";
import { loadPgParser } from "../../../src/base/pg-parser.ts";
import { EnvironmentWorld, type Client, type Policies } from "./environment-world.ts";

beforeAll(loadPgParser);

async function alone(client: (client: Client, world: EnvironmentWorld) => Promise<unknown>, policies: Policies = {}) {
  const world = new EnvironmentWorld();
  world.start("env", 1, policies);
  await world.run([(session) => client(session, world)]);
  return world;
}

describe("statements", () => {
  it("a DROP may overtake a SELECT at any moment: that is answered with rows or with 42P01", async () => {
    const world = new EnvironmentWorld();
    world.start("env", 1);
    const rounds = 30;
    const codes: string[] = [];
    await world.run([
      async (client) => {
        for (let round = 0; round < rounds; round++) {
          await client.good("CREATE TABLE t (a int)");
          await client.host.sleep("100ms");
          await client.good("DROP TABLE t");
          await client.host.sleep("100ms");
        }
      },
      async (client) => {
        for (let count = 0; count < 40 * rounds; count++) {
          const reply = await client.ask("SELECT * FROM t");
          codes.push(reply?.ok === true ? "ok" : (reply?.error.message ?? "none"));
          await client.host.sleep("3ms");
        }
      },
    ]);
    expect(world.endings).toEqual([]);
    const overtaken = "a relation that the query reads was dropped while it ran";
    expect(new Set(codes)).toEqual(new Set(["ok", 'relation "t" does not exist', overtaken]));
  });

  it("what was inserted is read, at a time that is not before the write's", async () => {
    const world = await alone(async (client) => {
      expect((await client.good("CREATE TABLE t (a int, b text)")).tag).toBe("CREATE TABLE");
      const written = await client.good("INSERT INTO t VALUES (1, 'x'), (2, NULL), (1, 'x')");
      expect(written.tag).toBe("INSERT 0 3");
      const read = await client.good("SELECT * FROM t ORDER BY a DESC");
      expect(read).toMatchObject({
        tag: "SELECT 3",
        columns: ["a", "b"],
        rows: [
          [2, null],
          [1, "x"],
          [1, "x"],
        ],
      });
      expect(read.timestamp).toBeGreaterThanOrEqual(written.timestamp!);
      expect(await client.rows("SELECT b, count(*) FROM t GROUP BY b ORDER BY b")).toEqual([
        ["x", 2],
        [null, 1],
      ]);
      expect(await client.rows(`SELECT count(*) FROM t AS OF ${written.timestamp! - 1}`)).toEqual([[0]]);
      expect(await client.rows(`SELECT count(*) FROM t AS OF ${written.timestamp!}`)).toEqual([[3]]);
    });
    expect(world.tank.of("table.written")).toHaveLength(1);
  });

  it("names are taken once, dependents hold back a DROP, CASCADE takes them along", async () => {
    await alone(async (client, { clusters }) => {
      await client.good("CREATE TABLE t (a int)");
      expect(await client.code("CREATE TABLE t (b int)")).toBe("42P07");
      await client.good("CREATE VIEW v AS SELECT a + 1 AS b FROM t");
      await client.good("CREATE MATERIALIZED VIEW m AS SELECT sum(b) AS s FROM v");
      expect(await client.rows("SELECT b FROM v")).toEqual([]);
      expect(await client.rows("SELECT id, name, type FROM mz_objects ORDER BY id")).toEqual([
        ["u1", "t", "table"],
        ["u2", "v", "view"],
        ["u3", "m", "materialized-view"],
      ]);
      expect(clusters[0]!.objects.get("u3")).toMatchObject({
        kind: "materialized-view",
        shard: "u3",
        sources: [{ id: "u1", shard: "tables", table: "u1" }],
      });
      expect(await client.ask("DROP TABLE t")).toMatchObject({
        ok: false,
        error: { code: "2BP01", detail: 'view "v" depends on it; materialized view "m" depends on it' },
      });
      expect((await client.good("DROP TABLE t CASCADE")).tag).toBe("DROP TABLE");
      expect(clusters[0]!.told).toEqual(["add g1-r1", "complete", "create u3", "drop u3", "drop u2", "drop u1"]);
      expect(await client.code("SELECT * FROM t")).toBe("42P01");
      expect((await client.good("DROP TABLE IF EXISTS t")).notices).toHaveLength(1);
      await client.good("CREATE TABLE t (a int)");
      expect(await client.rows("SELECT id FROM mz_tables")).toEqual([["u4"]]);
    });
  });

  it("constants and the system's own relations need no replica, and are not mixed with data", async () => {
    await alone(async (client, { clusters }) => {
      await client.good("CREATE TABLE t (a int)");
      clusters[0]!.isDeaf = true;
      expect(await client.rows("SELECT 1 + 1")).toEqual([[2]]);
      expect(await client.rows("SHOW TABLES")).toEqual([["t"]]);
      expect(await client.rows("SHOW CREATE TABLE t")).toEqual([["t", 'CREATE TABLE "t" ("a" int)']]);
      expect(await client.rows("SELECT generation, epoch, state FROM mz_deployment")).toEqual([[1, 1, "IsLeader"]]);
      expect(await client.code("SELECT t.a FROM t JOIN mz_tables ON mz_tables.id = 'u1' AND t.a = 1")).toBe("0A000");
      expect(await client.code("SELECT 1 / 0")).toBe("22012");
      expect(await client.code("SELEC 1")).toBe("42601");
      expect(await client.code("CREATE MATERIALIZED VIEW m AS SELECT name FROM mz_tables")).toBe("0A000");
    });
  });

  it("every system relation has rows of its own width", async () => {
    await alone(async (client, world) => {
      world.topics = [{ name: "events", id: "id-1", partitions: 1 }];
      await client.good("CREATE CONNECTION k TO KAFKA (BROKER 'broker:9092')");
      await client.good("CREATE SOURCE s (a int) FROM KAFKA CONNECTION k (TOPIC 'events') FORMAT JSON");
      await client.good("CREATE TABLE t (a int)");
      await client.good("CREATE VIEW v AS SELECT a FROM t");
      await client.good("CREATE MATERIALIZED VIEW m AS SELECT a FROM t");
      await client.good(
        "CREATE SINK n FROM m INTO KAFKA CONNECTION k (TOPIC 'out') KEY (a) FORMAT JSON ENVELOPE UPSERT",
      );
      const rowCount = async (name: string): Promise<number> => {
        const { columns, rows } = await client.good(`SELECT * FROM ${name}`);
        for (const row of rows) expect([name, row.length]).toEqual([name, columns.length]);
        return rows.length;
      };
      for (const [name, count] of [
        ["mz_objects", 6],
        ["mz_connections", 1],
        ["mz_sources", 1],
        ["mz_tables", 1],
        ["mz_views", 1],
        ["mz_materialized_views", 1],
        ["mz_sinks", 1],
        ["mz_source_statuses", 1],
        ["mz_sink_statuses", 1],
        ["mz_frontiers", 4],
        ["mz_deployment", 1],
      ] as const)
        expect([name, await rowCount(name)]).toEqual([name, count]);
      expect(await client.rows("SELECT status FROM mz_sink_statuses")).toEqual([["created"]]);
    });
  });

  it("a source is created with the id of its topic; what fails leaves nothing", async () => {
    const source = "CREATE SOURCE s (a int) FROM KAFKA CONNECTION k (TOPIC 'events') FORMAT JSON";
    const world = await alone(async (client, inner) => {
      await client.good("CREATE CONNECTION k TO KAFKA (BROKER 'broker:9092')");
      expect(await client.code(source)).toBe("42704");
      inner.topics = null;
      expect(await client.code(source)).toBe("58030");
      expect(await client.rows("SELECT name FROM mz_objects")).toEqual([["k"]]);
      inner.topics = [{ name: "events", id: "id-1", partitions: 3 }];
      await client.good(source);
      expect(inner.clusters[0]!.objects.get("u2")).toMatchObject({
        kind: "ingestion",
        topicId: "id-1",
        brokers: ["broker:9092"],
        incarnation: 1,
        shard: "u2",
      });
    });
    expect(world.tank.of("catalog.committed")).toHaveLength(3);
  });

  it("a read that never gets an answer ends with 57014, and says what is behind", async () => {
    await alone(async (client, { clusters, tank }) => {
      await client.good("CREATE TABLE t (a int)");
      await client.good("CREATE MATERIALIZED VIEW m AS SELECT a FROM t");
      clusters[0]!.isDeaf = true;
      const before = tank.now;
      expect(await client.ask("SELECT * FROM m")).toMatchObject({
        ok: false,
        error: { code: "57014", hint: expect.stringMatching(/^"m" has data below \d+\.$/) as unknown },
      });
      expect(tank.now - before).toBeGreaterThan(29_000_000);
      expect(tank.now - before).toBeLessThan(32_000_000);
      expect(clusters[0]!.told.at(-1)).toBe("cancel peek");
    });
  });

  it("what a CREATE found out counts for the catalog of its commit", async () => {
    const world = new EnvironmentWorld();
    world.start("env", 1);
    world.topics = [{ name: "events", id: "id-1", partitions: 1 }];
    world.kafkaDelay = "2s";
    const source = (name: string): string =>
      `CREATE SOURCE ${name} (a int) FROM KAFKA CONNECTION k (TOPIC 'events') FORMAT JSON`;
    await world.run([
      async (client) => {
        await client.good("CREATE CONNECTION k TO KAFKA (BROKER 'broker:9092')");
        expect(await client.code(source("a"))).toBe("40001");
        await client.host.sleep("10s");
        const [first, second] = await client.rows("SELECT name FROM mz_sources");
        expect([first, second]).toEqual([["b"], undefined]);
      },
      async (client) => {
        await client.host.sleep("2s");
        await client.good("DROP CONNECTION k");
        await client.good("CREATE CONNECTION k TO KAFKA (BROKER 'broker:9092')");
        await client.good(source("b"));
      },
    ]);
  });

  it("of two sessions that create the same name one does", async () => {
    const world = new EnvironmentWorld();
    world.start("env", 1);
    const codes: string[] = [];
    const creating = async (client: Client): Promise<void> => {
      await client.host.sleep("3s");
      const reply = await client.ask("CREATE TABLE t (a int)");
      codes.push(reply?.ok === true ? "done" : (reply?.error.code ?? "none"));
    };
    await world.run([creating, creating]);
    expect(codes.toSorted()).toEqual(["42P07", "done"]);
  });

  it("a client that leaves during purification has created nothing", async () => {
    const world = new EnvironmentWorld();
    world.start("env", 1);
    world.topics = [{ name: "events", id: "id-1", partitions: 1 }];
    world.kafkaDelay = "2s";
    await world.run([
      async (client) => {
        await client.good("CREATE CONNECTION k TO KAFKA (BROKER 'broker:9092')");
        const asked = client.ask("CREATE SOURCE s (a int) FROM KAFKA CONNECTION k (TOPIC 'events') FORMAT JSON");
        await client.host.sleep("1s");
        client.leave();
        void asked;
        await client.host.sleep("5s");
        expect(await client.rows("SELECT name FROM mz_objects")).toEqual([["k"]]);
      },
    ]);
  });

  it("committing before purification leaves a row behind a failed CREATE: the policy that forbids it is the guard", async () => {
    await alone(
      async (client, world) => {
        await client.good("CREATE CONNECTION k TO KAFKA (BROKER 'broker:9092')");
        world.topics = null;
        expect(await client.code("CREATE SINK n FROM t INTO KAFKA CONNECTION k (TOPIC 'o') FORMAT JSON")).toBe("42601");
        await client.good("CREATE TABLE t (a int)");
        const sink = "CREATE SINK n FROM t INTO KAFKA CONNECTION k (TOPIC 'o') FORMAT JSON ENVELOPE DEBEZIUM";
        expect(await client.code(sink)).toBe("58030");
        expect(await client.rows("SELECT name FROM mz_sinks")).toEqual([["n"]]);
      },
      { coordinator: { purifiesFirst: () => false } },
    );
  });
});
