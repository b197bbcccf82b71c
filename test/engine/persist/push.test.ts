/** Hearing of changes: pushed at once, polled when the session is deaf, and nearly free while nothing happens. */
import { beforeAll, describe, expect, it } from "vitest";
import { loadPgParser } from "../../../src/base/pg-parser.ts";
import { micros } from "../../../src/base/time.ts";
import { failureOf } from "./failure.ts";
import { PersistWorld } from "./persist-world.ts";

const second = 1_000_000;

/** Appends one element every four seconds and tells after how long a listener heard of each, µs. */
async function delays(
  disturb: (world: PersistWorld) => void,
  name = "s",
  seconds = 120,
): Promise<readonly { readonly at: number; readonly delay: number }[]> {
  const world = new PersistWorld();
  const appended: number[] = [];
  const heard: { readonly at: number; readonly delay: number }[] = [];
  world.tank.outsider("listener", async (host) => {
    const listener = world.client(host).shard<number>(name).listen(-1);
    for (;;) {
      for (const [place] of (await listener.next()).updates) {
        const at = appended[place] ?? world.tank.now;
        heard.push({ at, delay: world.tank.now - at });
      }
    }
  });
  disturb(world);
  await world.run([
    async (host) => {
      const shard = world.client(host).shard<number>(name);
      for (let place = 0; place < seconds / 4; place++) {
        await host.sleep("4s");
        await shard.compareAndAppend([[place, place, 1]], place, place + 1);
        appended.push(world.tank.now);
      }
      await host.sleep("60s");
      expect(heard).toHaveLength(appended.length);
    },
  ]);
  return heard;
}

describe("hearing of changes", () => {
  beforeAll(loadPgParser);

  it("takes no longer than a message and a get", async () => {
    for (const { delay } of await delays(() => undefined)) expect(delay).toBeLessThan(100_000);
  });

  it("works for states that are too long for a notification, too", async () => {
    for (const { delay } of await delays(() => undefined, "漢".repeat(200))) expect(delay).toBeLessThan(100_000);
  });

  it("takes no get at all while batches are small", async () => {
    const heard = await delays(({ tank }) => {
      tank.at("30s", () => tank.controls.link("listener", "s3").block());
    });
    for (const { delay } of heard) expect(delay).toBeLessThan(100_000);
  });

  it("a batch that is too long to be announced is fetched", async () => {
    const world = new PersistWorld();
    const long = Array.from({ length: 1_000 }, (_, number): [string, number, number] => [`element ${number}`, 3, 1]);
    let count = 0;
    await world.run([
      async (host) => {
        await host.sleep("5s");
        await world.client(host).shard<string>("s").compareAndAppend(long, 0, 10);
      },
      async (host) => {
        count = (await world.client(host).shard<string>("s").listen(0).next()).updates.length;
      },
    ]);
    expect(count).toBe(1_000);
  });

  it("falls back to a poll when the session is deaf, and listens again", async () => {
    const heard = await delays(({ tank }) => {
      tank.at("30s", () => tank.controls.link("postgres", "listener").halfOpen());
    });
    const deaf = heard.filter(({ delay }) => delay >= 100_000);
    expect(deaf.length).toBeGreaterThan(0);
    for (const { at, delay } of deaf) {
      expect(at).toBeGreaterThan(25 * second);
      expect(at).toBeLessThan(52 * second);
      expect(delay).toBeLessThan(22 * second);
    }
  });

  it("comes back after a restart of the server", async () => {
    const heard = await delays(({ tank, postgres }) => {
      tank.at("30s", () => postgres.restart(micros(3 * second)));
      tank.at("60s", () => tank.controls.host("postgres").crash());
    });
    for (const { at, delay } of heard) if (delay >= 100_000) expect(at % (30 * second)).toBeLessThan(15 * second);
    expect(heard.at(-1)!.delay).toBeLessThan(100_000);
  });

  it("an idle listener costs a poll every ten seconds", async () => {
    const eventsWith = async (listeners: number): Promise<number> => {
      const world = new PersistWorld();
      for (let number = 0; number < listeners; number++) {
        world.tank.outsider(`listener${number}`, async (host) => {
          const client = world.client(host);
          await Promise.all(Array.from({ length: 20 }, (_, shard) => client.shard(`s${shard}`).listen(0).next()));
        });
      }
      await world.tank.run("10m");
      return world.tank.kernel.events;
    };
    const [none, three] = [await eventsWith(0), await eventsWith(3)];
    // Per listener and poll: the timer, the statement and its answer, the look whether time was up.
    expect(three - none).toBeLessThan(3 * (60 * 5 + 100));
  });

  it("an unknown outcome that is a panic reaches the caller", async () => {
    const world = new PersistWorld();
    await world.run([
      async (host) => {
        const panic = (): never => {
          throw Object.assign(new Error("indeterminate"), { code: "indeterminate" });
        };
        const shard = world.client(host, { afterLostAnswer: panic }).shard<string>("s");
        await shard.compareAndAppend([], 0, 1);
        const heal = world.postgres.loseAnswers(1);
        expect(await failureOf(shard.compareAndAppend([], 1, 2))).toBe("indeterminate");
        heal();
        expect(await world.client(host).shard("s").bounds()).toEqual({ since: 0, upper: 2 });
      },
    ]);
  });
});
