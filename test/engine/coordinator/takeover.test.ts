/** Environments that die, are replaced, and are started twice; and health that outlives them. */
import { beforeAll, describe, expect, it } from "vitest";
import { loadPgParser } from "../../../src/base/pg-parser.ts";
import type { HealthUpdate } from "../../../src/engine/compute/protocol.ts";
import { EnvironmentWorld, type Client } from "./environment-world.ts";

beforeAll(loadPgParser);

const report = (id: string, status: HealthUpdate["status"], error: string | null, occurrences = 1): HealthUpdate => ({
  id,
  incarnation: 1,
  status,
  error,
  class: error === null ? null : "transient",
  code: error === null ? null : "ECONNREFUSED",
  namespace: "kafka",
  hint: null,
  occurrences,
  at: 5_000 + occurrences,
});

async function withSource(world: EnvironmentWorld, client: Client): Promise<void> {
  world.topics = [{ name: "events", id: "id-1", partitions: 1 }];
  await client.good("CREATE CONNECTION k TO KAFKA (BROKER 'broker:9092')");
  await client.good("CREATE SOURCE s (a int) FROM KAFKA CONNECTION k (TOPIC 'events') FORMAT JSON");
}

describe("takeover", () => {
  it("a crash loses nothing that was answered, and the replicas hear of everything before they may forget", async () => {
    const world = new EnvironmentWorld();
    world.start("env", 1);
    await world.run([
      async (client) => {
        await withSource(world, client);
        await client.good("CREATE TABLE t (a int)");
        await client.good("CREATE MATERIALIZED VIEW m AS SELECT a FROM t");
        await client.good(
          "CREATE SINK n FROM m INTO KAFKA CONNECTION k (TOPIC 'out') KEY (a) FORMAT JSON ENVELOPE UPSERT",
        );
        const { timestamp } = await client.good("INSERT INTO t VALUES (7)");
        world.tank.controls.host("env").crash();
        world.topics = null;
        expect(await client.ask("SELECT 1")).toBeUndefined();
        const read = await client.good("SELECT a FROM t");
        expect(read.rows).toEqual([[7]]);
        expect(read.timestamp).toBeGreaterThan(timestamp!);
        expect(world.clusters[1]!.told).toEqual(["add g1-r1", "create u2", "create u4", "create u5", "complete"]);
        expect(await client.rows("SELECT generation, epoch FROM mz_deployment")).toEqual([[1, 2]]);
      },
    ]);
    expect(world.endings).toEqual([]);
  });

  it("what is told to replicas about a broker at boot is no condition of it, unless the policy makes it one", async () => {
    const world = new EnvironmentWorld("boot", ["ECONNREFUSED"]);
    world.start("env", 1, {
      coordinator: { contactAtBoot: async (ports, brokers) => void (await ports.kafka(brokers).topics()) },
    });
    await world.run([
      async (client) => {
        await withSource(world, client);
        world.topics = null;
        world.tank.controls.host("env").crash();
        await client.host.sleep("20s");
        expect(
          await client.host.connect("env:6875").then(
            () => "up",
            (error: { code: string }) => error.code,
          ),
        ).toBe("ECONNREFUSED");
      },
    ]);
    const exits = world.tank.of("process.exited").filter((data) => (data as { host: string }).host === "env");
    expect(exits.length).toBeGreaterThan(2);
  });

  it("a higher generation takes over: the old environment ends with 0 and stays away, its answers hold", async () => {
    const world = new EnvironmentWorld();
    world.start("env", 1);
    await world.run([
      async (client) => {
        await client.good("CREATE TABLE t (a int)");
        const { timestamp } = await client.good("INSERT INTO t VALUES (1)");
        world.start("next", 2);
        const read = await client.good("SELECT a FROM t", "next");
        expect(read.rows).toEqual([[1]]);
        expect(read.timestamp).toBeGreaterThan(timestamp!);
        await client.host.sleep("10s");
        expect(
          await client.host.connect("env:6875").then(
            () => "up",
            (error: { code: string }) => error.code,
          ),
        ).toBe("ECONNREFUSED");
      },
    ]);
    expect(world.tank.of("env.ending")).toEqual([{ generation: 1, epoch: 1, reason: "fenced-by-generation", code: 0 }]);
    expect(world.tank.of("process.started").filter((data) => (data as { host: string }).host === "env")).toHaveLength(
      1,
    );
  });

  it("an environment of the same generation fences the first one by epoch, which is a failure", async () => {
    const world = new EnvironmentWorld();
    world.start("env", 1);
    await world.run([
      async (client) => {
        await client.good("CREATE TABLE t (a int)");
        world.start("twin", 1);
        await client.good("SELECT 1", "twin");
        await client.host.sleep("500ms");
      },
    ]);
    expect(world.tank.of("env.ending")[0]).toEqual({ generation: 1, epoch: 1, reason: "fenced-by-epoch", code: 134 });
  });

  it("an older generation that is started again ends at once and writes nothing", async () => {
    const world = new EnvironmentWorld();
    world.start("next", 2);
    await world.run([
      async (client) => {
        await client.good("CREATE TABLE t (a int)", "next");
        world.start("env", 1);
        await client.host.sleep("5s");
        expect(await client.rows("SELECT generation, epoch FROM mz_deployment", "next")).toEqual([[2, 1]]);
      },
    ]);
    expect(world.endings).toEqual(["fenced-by-generation"]);
    expect(world.tank.of("catalog.opened")).toHaveLength(1);
  });

  it("a leader that slept through its replacement answers nothing afterwards, constants included", async () => {
    const world = new EnvironmentWorld();
    world.start("env", 1);
    await world.run([
      async (client) => {
        await client.good("CREATE TABLE t (a int)");
        const heal = world.tank.controls.host("env").pause();
        const asked = client.ask("SELECT 1");
        world.start("next", 2);
        await client.host.sleep("10s");
        heal();
        expect(await asked).toBeUndefined();
      },
    ]);
    expect(world.endings).toEqual(["fenced-by-generation"]);
  });

  it("that policies let a fenced process live on and answer shows", async () => {
    const world = new EnvironmentWorld();
    world.start("env", 1, { coordinator: { ends: () => false, confirmsLeadership: (kind) => kind !== "constant" } });
    await world.run([
      async (client) => {
        await client.good("CREATE TABLE t (a int)");
        world.start("next", 2);
        await client.host.sleep("10s");
        expect(await client.rows("SELECT 1")).toEqual([[1]]);
        expect(await client.code("CREATE TABLE u (a int)")).toBe("57P01");
        expect(await client.code("INSERT INTO t VALUES (1)")).toBe("57P01");
      },
    ]);
    expect(world.endings).toEqual([]);
  });

  it("health becomes durable rows with growing numbers, and DROPPED is the last", async () => {
    const world = new EnvironmentWorld();
    world.start("env", 1);
    await world.run([
      async (client) => {
        await withSource(world, client);
        const tell = (update: HealthUpdate) =>
          world.clusters.at(-1)!.inbox.push((listener) => listener.onStatus(update));
        tell(report("u2", "starting", null));
        tell(report("u2", "stalled", "broker is down", 1));
        tell(report("u2", "stalled", "broker is down", 2));
        tell(report("u9", "running", null));
        tell({ ...report("u2", "running", null), incarnation: 7 });
        await client.host.sleep("2s");
        expect(await client.rows("SELECT status, error FROM mz_source_statuses")).toEqual([
          ["stalled", "broker is down"],
        ]);
        const errors = "SELECT code, occurrences, first_seen, last_seen, resolved_at FROM mz_connector_errors";
        expect(await client.rows(errors)).toEqual([["ECONNREFUSED", 2, 5_002, 5_002, null]]);
        const history = "SELECT status FROM mz_source_status_history";
        const before = await client.rows(history);
        tell(report("u2", "stalled", "broker is down", 3));
        await client.host.sleep("2s");
        expect(await client.rows(history)).toEqual(before);
        expect(await client.rows(errors)).toEqual([["ECONNREFUSED", 3, 5_002, 5_003, null]]);
        tell(report("u2", "running", null, 9));
        await client.host.sleep("2s");
        world.tank.controls.host("env").crash();
        expect(await client.ask("SELECT 1")).toBeUndefined();
        expect(await client.rows("SELECT status, error FROM mz_source_statuses")).toEqual([["running", null]]);
        expect(await client.rows(errors)).toEqual([["ECONNREFUSED", 2, 5_002, 5_002, 5_009]]);
        await client.good("DROP SOURCE s");
        tell(report("u2", "stalled", "late"));
        await client.host.sleep("2s");
        expect(await client.rows("SELECT source_id, status FROM mz_source_status_history")).toEqual(
          expect.arrayContaining([
            ["u2", "starting"],
            ["u2", "stalled"],
            ["u2", "running"],
            ["u2", "dropped"],
          ]),
        );
      },
    ]);
    const recorded = world.tank.of("status.recorded") as unknown as { readonly seq: number; readonly status: string }[];
    expect(recorded.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    expect(recorded.map(({ status }) => status)).toEqual(["starting", "stalled", "running", "dropped"]);
  });

  it("inputs of what no replica has reported on yet stay readable where it was told to begin", async () => {
    const world = new EnvironmentWorld();
    world.start("env", 1);
    await world.run([
      async (client) => {
        await client.good("CREATE TABLE t (a int)");
        await client.good("CREATE MATERIALIZED VIEW m AS SELECT a FROM t");
        const { asOf } = world.clusters[0]!.objects.get("u2") as { readonly asOf: number };
        await client.host.sleep("40s");
        const [held] = await client.rows("SELECT since FROM mz_frontiers WHERE object_id = 'u1'");
        expect(held![0]).toBeLessThanOrEqual(asOf);
        const upper = (await client.good("SELECT * FROM t")).timestamp!;
        world.clusters[0]!.inbox.push((listener) => {
          listener.onFrontier("u2", 1, upper);
          listener.onReplicaFrontier!("r1", "u2", 1, upper);
        });
        await client.host.sleep("25s");
        const [[since]] = (await client.rows("SELECT since FROM mz_frontiers WHERE object_id = 'u1'")) as [[number]];
        expect(since).toBeGreaterThan(asOf);
        expect(since).toBeLessThan(upper);
        const again = world.clusters[0]!.context.listener.atReplay!(world.clusters[0]!.objects.get("u2")!, "g1-r1");
        expect(again).toMatchObject({ id: "u2", asOf: upper - 1 });
        expect(await client.code(`SELECT * FROM t AS OF ${since - 1}`)).toBe("22023");
      },
    ]);
  });
});
