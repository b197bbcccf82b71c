import { describe, expect, it } from "vitest";
import type { KafkaRecord } from "../../../src/ports/kafka-rpc.ts";
import { kafkaClient } from "../../../src/sim/kafka/client/kafka-client.ts";
import { brokers, inProcess, outcome, script, type Asked } from "./scripted-cluster.ts";

const record = (value: string): KafkaRecord => ({ key: null, value, headers: [], timestamp: 0 });
const t0 = { topic: "t", partition: 0 };
const read = { isolation: "read_committed" } as const;
const second = 1_000_000;
const topicOf = (leaders: readonly (string | null)[], leaderEpoch: number, name = "t"): object => ({
  name,
  id: `${name}-1`,
  partitions: leaders.map((leader, partition) => ({ partition, leader, leaderEpoch })),
});
const of = (asked: readonly Asked[], api: string): readonly Asked[] => asked.filter((one) => one.api === api);

describe("finding brokers", () => {
  it("asks nobody before the first call, and nothing while nobody calls", async () => {
    const { before, after, later } = await inProcess(async (host) => {
      const { rpc, asked } = script(host);
      const client = kafkaClient(host, brokers, { rpc });
      client.producer("sink", { transactionTimeout: "10s" });
      await host.sleep("1m");
      const first = asked.length;
      await client.watermarks(t0);
      const second = asked.length;
      await host.sleep("5m");
      return { before: first, after: second, later: asked.length };
    });
    expect([before, after, later]).toEqual([0, 2, 2]);
  });

  it("asks for metadata once, for all topics, and then goes straight to the leaders", async () => {
    const asked = await inProcess(async (host) => {
      const { rpc, asked: seen } = script(host);
      const client = kafkaClient(host, brokers, { rpc });
      await Promise.all([client.fetch(t0, 0, read), client.fetch({ topic: "t", partition: 1 }, 0, read)]);
      await client.fetch(t0, 0, read);
      return seen;
    });
    expect(of(asked, "metadata").map(({ request }) => request)).toEqual([{}]);
    expect(of(asked, "fetch").map(({ broker }) => broker)).toEqual([brokers[0], brokers[1], brokers[0]]);
  });

  it("looks for the leader again when it has moved (Kafka 56)", async () => {
    const asked = await inProcess(async (host) => {
      const { rpc, asked: seen } = script(host, ({ api, broker }, count) => {
        if (api === "metadata" && count > 1) return { brokers: [...brokers], topics: [topicOf([brokers[2]], 2)] };
        return api === "listOffsets" && broker === brokers[0] ? "NOT_LEADER_OR_FOLLOWER" : undefined;
      });
      await host.sleep("1s");
      const client = kafkaClient(host, brokers, { rpc });
      expect(await client.watermarks(t0)).toMatchObject({ highWatermark: 7 });
      return seen;
    });
    expect(of(asked, "listOffsets").map(({ broker }) => broker)).toContain(brokers[2]);
    expect(of(asked, "metadata").length).toBeLessThanOrEqual(3);
  });

  it("gets by with one broker that is up, whichever it is", async () => {
    for (const alive of brokers) {
      const topics = await inProcess(async (host) => {
        const { rpc } = script(host, ({ broker }) => (broker === alive ? undefined : "ECONNREFUSED"));
        return kafkaClient(host, brokers, { rpc }).topics();
      });
      expect(topics).toEqual([{ name: "t", id: "t-1", partitions: 2 }]);
    }
  });

  it("finds the coordinator again when it moved, and only waits while it loads (Kafka 40)", async () => {
    const asked = await inProcess(async (host) => {
      const { rpc, asked: seen } = script(host, ({ api }, count) => {
        if (api === "findCoordinator") return { coordinator: brokers[count === 1 ? 2 : 1] };
        if (api !== "initProducerId") return undefined;
        return (["NOT_COORDINATOR", "COORDINATOR_LOAD_IN_PROGRESS"] as const)[count - 1];
      });
      await kafkaClient(host, brokers, { rpc }).producer("sink", { transactionTimeout: "10s" }).init();
      return seen;
    });
    expect(of(asked, "findCoordinator")).toHaveLength(2);
    expect(of(asked, "initProducerId").map(({ broker }) => broker)).toEqual([brokers[2], brokers[1], brokers[1]]);
  });
});

describe("time", () => {
  it("a request has 2 s, a long poll that and what it waits", async () => {
    const asked = await inProcess(async (host) => {
      const { rpc, asked: seen } = script(host, ({ api }, count) =>
        (api === "listOffsets" || api === "fetch") && count === 1 ? "silence" : undefined,
      );
      const client = kafkaClient(host, brokers, { rpc });
      await client.watermarks(t0);
      await client.fetch(t0, 0, { ...read, maxWait: "5s" });
      return seen;
    });
    const waited = (api: string): number => of(asked, api)[1]!.at - of(asked, api)[0]!.at;
    expect(waited("listOffsets")).toBeGreaterThanOrEqual(2 * second);
    expect(waited("listOffsets")).toBeLessThan(2.2 * second);
    expect(waited("fetch")).toBeGreaterThanOrEqual(7 * second);
    expect(waited("fetch")).toBeLessThan(7.2 * second);
  });

  it.each([
    ["ECONNREFUSED", "!ECONNREFUSED transient"],
    ["ECONNRESET?", "!ECONNRESET ambiguous"],
    ["silence", "!ETIMEDOUT ambiguous"],
    ["NOT_ENOUGH_REPLICAS", "!NOT_ENOUGH_REPLICAS transient"],
  ] as const)("a write that only meets %s ends within 10 s", async (says, expected) => {
    const { result, took } = await inProcess(async (host) => {
      const { rpc } = script(host, ({ api }) => (api === "produce" ? says : undefined));
      const startedAt = host.clock.monotonic();
      const produced = await outcome(kafkaClient(host, brokers, { rpc }).produce("t", 0, [record("a")]));
      return { result: produced, took: host.clock.monotonic() - startedAt };
    });
    expect(result).toBe(expected);
    expect(took).toBeGreaterThan(8 * second);
    expect(took).toBeLessThanOrEqual(10.01 * second);
  });

  it("a call after close fails, without a request", async () => {
    const [result, count] = await inProcess(async (host) => {
      const { rpc, asked } = script(host);
      const client = kafkaClient(host, brokers, { rpc });
      client.close();
      return [await outcome(client.watermarks(t0)), asked.length];
    });
    expect([result, count]).toEqual(["!CLOSED permanent", 0]);
  });
});

describe("trouble on the way", () => {
  it("is told with the network's code while a fetch goes on, also that of looking the leader up", async () => {
    const told = await inProcess(async (host) => {
      const { rpc } = script(host, ({ api }) => (api === "metadata" ? "ECONNREFUSED" : undefined));
      const codes: string[] = [];
      const onTrouble = (code: string): void => void codes.push(code);
      const client = kafkaClient(host, brokers, { rpc });
      expect(await outcome(client.fetch(t0, 0, { ...read, onTrouble }))).toBe("!ECONNREFUSED transient");
      return codes;
    });
    expect(told.length).toBeGreaterThan(8);
    expect(new Set(told)).toEqual(new Set(["ECONNREFUSED"]));
  });

  it("is none where a broker answers, though it be with an error", async () => {
    const told = await inProcess(async (host) => {
      const { rpc } = script(host, ({ api }, count) =>
        api === "fetch" && count < 6 ? (count < 4 ? "NOT_LEADER_OR_FOLLOWER" : "ECONNRESET?") : undefined,
      );
      const codes: string[] = [];
      await kafkaClient(host, brokers, { rpc }).fetch(t0, 0, { ...read, onTrouble: (code) => void codes.push(code) });
      return codes;
    });
    expect(told.length).toBeGreaterThan(0);
    expect(new Set(told)).toEqual(new Set(["ECONNRESET"]));
  });

  it("is told of every call of a transaction", async () => {
    const told = await inProcess(async (host) => {
      const failed = new Set<string>();
      const { rpc } = script(host, ({ api }) => {
        if (failed.has(api)) return undefined;
        failed.add(api);
        return "ECONNRESET?";
      });
      let count = 0;
      const onTrouble = (): void => void count++;
      const producer = kafkaClient(host, brokers, { rpc }).producer("sink", { transactionTimeout: "10s", onTrouble });
      const counts: number[] = [];
      await producer.init();
      counts.push(count);
      producer.begin();
      await producer.send("t", 0, [record("a")]);
      counts.push(count);
      await producer.commit();
      return [...counts, count];
    });
    // Of init: the coordinator's lookup and the request; of send: adding, metadata and the batch; of commit: its end.
    expect(told).toEqual([2, 5, 6]);
  });
});

describe("idempotent batches outside transactions", () => {
  const sequences = (asked: readonly Asked[]): readonly number[] =>
    of(asked, "produce").map(({ request }) => request.producer.sequence);

  it("keep their number when they are sent again, and go on behind it (Kafka 17, 60)", async () => {
    const asked = await inProcess(async (host) => {
      const { rpc, asked: seen } = script(host, ({ api }, count) =>
        api === "produce" && count === 1 ? "ECONNRESET?" : undefined,
      );
      const client = kafkaClient(host, brokers, { rpc });
      await Promise.all([client.produce("t", 0, [record("a"), record("b")]), client.produce("t", 0, [record("c")])]);
      return seen;
    });
    expect(sequences(asked)).toEqual([0, 0, 2]);
  });

  it("are done when the broker had them long ago (Kafka 18)", async () => {
    const offset = await inProcess(async (host) => {
      const { rpc } = script(host, ({ api }) => (api === "produce" ? "DUPLICATE_SEQUENCE_NUMBER" : undefined));
      return kafkaClient(host, brokers, { rpc }).produce("t", 0, [record("a")]);
    });
    expect(offset).toBe(-1);
  });

  it("begin anew when the broker forgot their producer, unless one may be in the log", async () => {
    const run = (lostFirst: boolean): Promise<{ result: unknown; asked: readonly Asked[] }> =>
      inProcess(async (host) => {
        const { rpc, asked } = script(host, ({ api, request }, count) => {
          if (api === "initProducerId") return { producerId: count, epoch: 0 };
          if (api !== "produce" || request.producer.id !== 1 || request.producer.sequence === 0) return undefined;
          return lostFirst && count === 2 ? "ECONNRESET?" : "OUT_OF_ORDER_SEQUENCE_NUMBER";
        });
        const client = kafkaClient(host, brokers, { rpc });
        await client.produce("t", 0, [record("a")]);
        return { result: await outcome(client.produce("t", 0, [record("b")])), asked };
      });
    const sure = await run(false);
    expect(sure.result).toBe(0);
    expect(of(sure.asked, "produce").map(({ request }) => request.producer)).toMatchObject([
      { id: 1, sequence: 0 },
      { id: 1, sequence: 1 },
      { id: 2, sequence: 0 },
    ]);
    expect((await run(true)).result).toBe("!OUT_OF_ORDER_SEQUENCE_NUMBER ambiguous");
  });

  it("to one partition wait for nothing at another", async () => {
    const result = await inProcess(async (host) => {
      const { rpc } = script(host, ({ api, request }) =>
        api === "produce" && request.partition === 0 ? "NOT_ENOUGH_REPLICAS" : undefined,
      );
      const client = kafkaClient(host, brokers, { rpc });
      const startedAt = host.clock.monotonic();
      const stuck = outcome(client.produce("t", 0, [record("a")]));
      await client.produce("t", 1, [record("b")]);
      const took = host.clock.monotonic() - startedAt;
      return { took, stuck: await stuck };
    });
    expect(result.took).toBeLessThan(second);
    expect(result.stuck).toBe("!NOT_ENOUGH_REPLICAS transient");
  });
});

describe("topics", () => {
  it("are listed by name in code units", async () => {
    const names = await inProcess(async (host) => {
      const topics = ["b", "ä", "a", "B"].map((name) => topicOf([brokers[0]], 1, name));
      const { rpc } = script(host, () => ({ brokers: [...brokers], topics }));
      const client = kafkaClient(host, brokers, { rpc });
      expect(await client.topic("c")).toBeUndefined();
      return (await client.topics()).map(({ name }) => name);
    });
    expect(names).toEqual(["B", "a", "b", "ä"]);
  });

  it("are created once they have leaders; one that exists is no failure (Kafka 41, 42)", async () => {
    const [results, metadata] = await inProcess(async (host) => {
      const { rpc, asked } = script(host, ({ api }, count) => {
        if (api === "createTopic") return count === 1 ? undefined : "TOPIC_ALREADY_EXISTS";
        const states = [[], [topicOf([null], 0)], [topicOf([brokers[0]], 1)]];
        return { brokers: [...brokers], topics: states[Math.min(count, states.length) - 1] };
      });
      const client = kafkaClient(host, brokers, { rpc });
      const created = await client.createTopic("t", { partitions: 1 });
      const seen = of(asked, "metadata").length;
      return [[created, await client.createTopic("t", { partitions: 1 })], seen] as const;
    });
    expect(results).toEqual(["created", "exists"]);
    expect(metadata).toBe(3);
  });

  it("that are missing cannot be deleted, unless a lost request of ours did it (Kafka 60)", async () => {
    const run = (first: "ECONNRESET?" | "UNKNOWN_TOPIC_OR_PARTITION"): Promise<unknown> =>
      inProcess(async (host) => {
        const { rpc } = script(host, (_asked, count) => (count === 1 ? first : "UNKNOWN_TOPIC_OR_PARTITION"));
        return outcome(kafkaClient(host, brokers, { rpc }).deleteTopic("t"));
      });
    expect(await run("UNKNOWN_TOPIC_OR_PARTITION")).toBe("!UNKNOWN_TOPIC_OR_PARTITION permanent");
    expect(await run("ECONNRESET?")).toBeUndefined();
  });

  it("that were created again are told apart at once, those that are gone after a while", async () => {
    const result = await inProcess(async (host) => {
      const { rpc, asked } = script(host, ({ api }) => (api === "fetch" ? "UNKNOWN_TOPIC_ID" : undefined));
      const client = kafkaClient(host, brokers, { rpc });
      const again = await outcome(client.fetch({ ...t0, topicId: "t-0" }, 0, read));
      const fetches = of(asked, "fetch");
      const startedAt = host.clock.monotonic();
      const gone = await outcome(client.fetch({ topic: "u", partition: 0 }, 0, read));
      return { again, fetches, gone, took: host.clock.monotonic() - startedAt };
    });
    expect(result).toMatchObject({
      again: "!UNKNOWN_TOPIC_ID permanent",
      gone: "!UNKNOWN_TOPIC_OR_PARTITION permanent",
    });
    expect(result.fetches.map(({ request }) => request.topicId)).toEqual(["t-0"]);
    expect(result.took).toBeGreaterThanOrEqual(5 * second);
    expect(result.took).toBeLessThan(7 * second);
  });
});
