/** SQL inside a simulation: nothing ambient is reached, and purification waits by the host's own clock. */
import { beforeAll, describe, expect, it } from "vitest";
import { loadPgParser } from "../../../src/base/pg-parser.ts";
import { purify } from "../../../src/engine/sql/purify.ts";
import { SqlError } from "../../../src/engine/sql/sql-error.ts";
import type { Host } from "../../../src/ports/host.ts";
import type { KafkaClient, TopicInfo } from "../../../src/ports/kafka.ts";
import type { Body } from "../../../src/scenario/define-scenario.ts";
import { runBody } from "../../support/bodies.ts";
import { failure, sampleObjects, TestCatalog } from "./catalog.ts";

beforeAll(loadPgParser);

const source = "CREATE SOURCE q (a int) FROM KAFKA CONNECTION k (TOPIC 't') FORMAT JSON";

/** Purifies a source twice, whose broker is another host; notes how that went. */
async function server(host: Host, seen: unknown[]): Promise<void> {
  const catalog = new TestCatalog(...sampleObjects);
  seen.push(failure(() => catalog.plan("SELECT nope FROM t"))["code"]);
  const client = (): KafkaClient => {
    const known: Partial<KafkaClient> = {
      topics: () => host.call("broker:9092", "topics", { timeout: "1m" }) as Promise<readonly TopicInfo[]>,
      close: () => undefined,
    };
    return known as KafkaClient;
  };
  for (let round = 0; round < 2; round++) {
    const start = host.clock.monotonic();
    const outcome = await purify(catalog.plan(source), client, { deadline: "2s", sleep: (time) => host.sleep(time) });
    seen.push(outcome instanceof SqlError ? outcome.code : "purified");
    if (round === 1) seen.push(host.clock.monotonic() - start);
  }
}

describe("SQL in a world", () => {
  it("parses, plans and purifies with ports alone; a broker that is silent costs the deadline", async () => {
    const seen: unknown[] = [];
    const body = async ({ world }: Parameters<Body>[0]): Promise<void> => {
      let asked = 0;
      world.host("broker").start((host) =>
        host.listen(9092, async () => {
          asked++;
          if (asked === 2) await host.sleep("30s");
          return [{ name: "t", id: "id-1", partitions: 1 }];
        }),
      );
      await world.sleep("1s");
      world.host("server").start((host) => server(host, seen), { ambient: "ports" });
      await world.sleep("10s");
    };
    const record = await runBody(body, { run: { checking: true } });
    expect(record.failure).toBeNull();
    expect(seen).toEqual(["42703", "purified", "58T01", 2_000_000]);
  });
});
