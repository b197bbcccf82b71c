/** Errors that a statement meets when it is carried out say where in the statement their reason is. */
import { beforeAll, describe, expect, it } from "vitest";
import { loadPgParser } from "../../../src/base/pg-parser.ts";
import { EnvironmentWorld, type Client } from "./environment-world.ts";

beforeAll(loadPgParser);

/** What stands at the place of the statement's error, with its code and hint. */
async function placed(client: Client, sql: string, length: number): Promise<unknown> {
  const reply = await client.ask(sql);
  if (reply === undefined || reply.ok) throw new Error(`no error of ${sql}: ${JSON.stringify(reply)}`);
  const { code, position } = reply.error;
  return [code, position === undefined ? null : sql.slice(position - 1, position - 1 + length)];
}

describe("the place of an error", () => {
  it("of evaluation is the operator, unless what is read may be its cause", async () => {
    const world = new EnvironmentWorld();
    world.start("env", 1);
    await world.run([
      async (client) => {
        expect(await placed(client, "SELECT 4 / 2, 1/0", 2)).toEqual(["22012", "/0"]);
        expect(await placed(client, "SELECT 1 + 9007199254740991", 3)).toEqual(["22003", "+ 9"]);
        await client.good("CREATE TABLE t (a int)");
        await client.good("INSERT INTO t VALUES (0)");
        await client.good("CREATE VIEW v AS SELECT 1 / a AS b FROM t");
        expect(await placed(client, "SELECT 2 % a FROM t", 3)).toEqual(["22012", "% a"]);
        expect(await placed(client, "SELECT b / 2 FROM v", 1)).toEqual(["22012", null]);
      },
    ]);
  });

  it("of what is outside is where the statement names it", async () => {
    const world = new EnvironmentWorld();
    world.start("env", 1);
    await world.run([
      async (client) => {
        await client.good("CREATE CONNECTION k TO KAFKA (BROKER 'broker:9092')");
        await client.good("CREATE TABLE t (a int)");
        const source = "CREATE SOURCE s (a int) FROM KAFKA CONNECTION k (TOPIC 'absent') FORMAT JSON";
        const sink = "CREATE SINK o FROM t INTO KAFKA CONNECTION k (TOPIC 'out') ENVELOPE DEBEZIUM";
        expect(await placed(client, source, 8)).toEqual(["42704", "'absent'"]);
        world.topics = null;
        expect(await placed(client, source, 9)).toEqual(["58030", "k (TOPIC "]);
        expect(await placed(client, sink, 9)).toEqual(["58030", "k (TOPIC "]);
      },
    ]);
  });

  it("of a DROP is the name of what others depend on, of a read in the past its time", async () => {
    const world = new EnvironmentWorld();
    world.start("env", 1);
    await world.run([
      async (client) => {
        await client.good("CREATE TABLE t (a int)");
        await client.good("CREATE VIEW v AS SELECT a FROM t");
        expect(await placed(client, "DROP TABLE IF EXISTS t", 1)).toEqual(["2BP01", "t"]);
        await client.host.sleep("40s");
        await client.good("INSERT INTO t VALUES (1)");
        expect(await placed(client, "SELECT a FROM t AS OF 1", 7)).toEqual(["22023", "AS OF 1"]);
      },
    ]);
  });

  it("that came while its outside was looked at is in the text that was sent, and nowhere for the session's cluster", async () => {
    const world = new EnvironmentWorld();
    world.topics = [{ name: "events", id: "id-1", partitions: 1 }];
    world.kafkaDelay = "3s";
    world.start("env", 1);
    const sources = "(a int) FROM KAFKA CONNECTION k (TOPIC 'events') FORMAT JSON";
    await world.run([
      async (client) => {
        await client.good("CREATE CONNECTION k TO KAFKA (BROKER 'broker:9092')");
        for (const name of ["c", "d"]) await client.good(`CREATE CLUSTER ${name} (SIZE '1-1')`);
        await client.good("SET cluster = d");
        expect(await placed(client, `CREATE   SOURCE   s   IN CLUSTER c ${sources}`, 2)).toEqual(["42704", "c "]);
        expect(await placed(client, `CREATE   SOURCE   s ${sources}`, 1)).toEqual(["42704", null]);
        await client.good("SET cluster = default");
        expect(await placed(client, `CREATE   SOURCE   t ${sources}`, 2)).toEqual(["42P07", "t "]);
      },
      async (client) => {
        await client.host.sleep("3s");
        for (const name of ["c", "d"]) await client.good(`DROP CLUSTER ${name}`);
        await client.host.sleep("2s");
        await client.good("CREATE TABLE t (a int)");
      },
    ]);
  });
});
