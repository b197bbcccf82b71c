/** Writers and readers while environments die and are replaced and the database behind them loses answers. */
import { beforeAll, describe, expect, it } from "vitest";
import { loadPgParser } from "../../../src/base/pg-parser.ts";
import type { Json } from "../../../src/base/json.ts";
import { micros } from "../../../src/base/time.ts";
import { EnvironmentWorld, type Client, type Policies } from "./environment-world.ts";

beforeAll(loadPgParser);

interface Write {
  readonly value: number;
  /** Null while, or if, the answer never came. */
  ts: number | null;
  ackedAt: number | null;
}

interface Read {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly ts: number;
  readonly values: readonly number[];
}

class History {
  readonly writes: Write[] = [];
  readonly reads: Read[] = [];

  /** What is wrong with the history, if it is not strictly serializable. */
  complaints(): readonly string[] {
    const found: string[] = [];
    for (const { startedAt, ts, values } of this.reads) {
      if (new Set(values).size < values.length) found.push("a row came twice");
      for (const write of this.writes) {
        const isSeen = values.includes(write.value);
        if (write.ackedAt !== null && write.ackedAt < startedAt && !isSeen) found.push("an answered write is not seen");
        if (write.ts !== null && isSeen !== write.ts <= ts) found.push("a read is not at its time");
      }
      for (const before of this.reads) {
        if (before.endedAt >= startedAt) continue;
        if (before.ts > ts) found.push("reads go back in time");
        if (before.values.some((value) => !values.includes(value))) found.push("a row that was seen is gone");
      }
    }
    return [...new Set(found)];
  }
}

function writer(history: History, world: EnvironmentWorld, number: number, hosts: () => readonly string[]) {
  return async (client: Client): Promise<void> => {
    for (let count = 0; count < 30; count++) {
      await client.host.sleep(micros(100_000 + client.host.random(900_000)));
      const environment = await pick(client, hosts());
      if (environment === null) continue;
      const write: Write = { value: number * 1_000 + count, ts: null, ackedAt: null };
      history.writes.push(write);
      const reply = await client.ask(`INSERT INTO t VALUES (${write.value})`, environment);
      if (reply?.ok !== true) continue;
      write.ts = reply.timestamp;
      write.ackedAt = world.tank.now;
    }
  };
}

function reader(history: History, world: EnvironmentWorld, hosts: () => readonly string[]) {
  return async (client: Client): Promise<void> => {
    for (let count = 0; count < 40; count++) {
      await client.host.sleep(micros(100_000 + client.host.random(900_000)));
      const environment = await pick(client, hosts());
      if (environment === null) continue;
      const startedAt = world.tank.now;
      const reply = await client.ask("SELECT a FROM t", environment);
      if (reply?.ok !== true) continue;
      const values = reply.rows.map(([value]: readonly Json[]) => value as number);
      history.reads.push({ startedAt, endedAt: world.tank.now, ts: reply.timestamp!, values });
    }
  };
}

/** Some environment that takes connections now; clients go to old ones too. */
async function pick(client: Client, hosts: readonly string[]): Promise<string | null> {
  const first = client.host.random(hosts.length);
  for (let step = 0; step < hosts.length; step++) {
    const name = hosts[(first + step) % hosts.length]!;
    try {
      (await client.host.connect(`${name}:6875`, { timeout: "1s" })).close();
      return name;
    } catch (error) {
      if (typeof (error as { readonly code?: unknown }).code !== "string") throw error;
    }
  }
  return null;
}

async function storm(seed: string, policies: Policies = {}): Promise<{ history: History; world: EnvironmentWorld }> {
  const world = new EnvironmentWorld(seed);
  const history = new History();
  let hosts = ["env"];
  world.start("env", 1, policies);
  const { tank, postgres } = world;
  tank.at("8s", () => tank.controls.host("env").crash());
  tank.at("10s", () => postgres.loseAnswers(8));
  tank.at("14s", () => postgres.restart(micros(2_000_000)));
  let heal = (): void => undefined;
  tank.at("20s", () => void (heal = tank.controls.host("env").pause()));
  tank.at("21s", () => {
    hosts = ["env", "next"];
    world.start("next", 2, policies);
  });
  tank.at("26s", () => heal());
  tank.at("30s", () => tank.controls.host("next").crash());
  const clients = [0, 1, 2].map((number) => writer(history, world, number, () => hosts));
  await world.run(
    [
      async (client) => {
        await client.good("CREATE TABLE t (a int)");
      },
      ...clients.map((run) => async (client: Client) => {
        await client.host.sleep("4s");
        await run(client);
      }),
      ...[0, 1].map(() => async (client: Client) => {
        await client.host.sleep("4s");
        await reader(history, world, () => hosts)(client);
      }),
    ],
    "2m",
  );
  return { history, world };
}

describe("storm", () => {
  it.each(["a", "b", "c"])("tables stay strictly serializable over crashes and a takeover (%s)", async (seed) => {
    const { history, world } = await storm(`storm-${seed}`);
    expect(history.complaints()).toEqual([]);
    expect(history.reads.length).toBeGreaterThan(20);
    expect(history.writes.filter(({ ackedAt }) => ackedAt !== null).length).toBeGreaterThan(20);
    const allocated = world.tank.of("oracle.write-allocated").map((data) => (data as { readonly ts: number }).ts);
    expect(new Set(allocated).size).toBe(allocated.length);
    const opened = world.tank.of("catalog.opened") as unknown as {
      readonly generation: number;
      readonly epoch: number;
    }[];
    expect(opened.map(({ epoch }) => epoch)).toEqual(opened.map((_, index) => index + 1));
    expect(opened.at(-1)!.generation).toBe(2);
  });

  it.each<readonly [string, Policies["coordinator"], string]>([
    [
      "answers before rows are durable",
      { writeSteps: () => ["advance-catalog", "answer", "append", "apply"] },
      "an answered write is not seen",
    ],
    ["reads in the past", { readTime: (applied) => applied - 2_000 }, "an answered write is not seen"],
  ])("an environment that %s is found", async (_, coordinator, complaint) => {
    const complaints = new Set<string>();
    for (const seed of ["a", "b", "c", "d"]) {
      const { history } = await storm(`storm-${seed}`, { coordinator: coordinator! });
      for (const found of history.complaints()) complaints.add(found);
      if (complaints.has(complaint)) break;
    }
    expect([...complaints]).toContain(complaint);
  });
});
