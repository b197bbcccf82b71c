/**
 * Shards under faults, against a model: contents are the acknowledged appends and, once at most, those whose writer died
 * without an answer. Writers crash, answers get lost, services fail and restart, links clog and break.
 */
import { beforeAll, describe, expect, it } from "vitest";
import { loadPgParser } from "../../../src/base/pg-parser.ts";
import { micros } from "../../../src/base/time.ts";
import { contentsAt } from "../../../src/engine/consolidation.ts";
import { isLower, type PersistPolicies } from "../../../src/engine/persist/policies.ts";
import type { Shard } from "../../../src/engine/persist/persist.ts";
import type { Host } from "../../../src/ports/host.ts";
import { PersistWorld } from "./persist-world.ts";

interface Story {
  readonly world: PersistWorld;
  /** Elements that a writer began to append, and those of which it was told that they are in. */
  readonly begun: Set<string>;
  readonly acknowledged: Set<string>;
  /** What a listener has seen, added up. */
  readonly heard: Map<string, number>;
  readonly owners: { readonly generation: number; readonly epoch: number }[];
  heardUpper: number;
  snapshots: number;
  /** Elements that a snapshot held more than once. */
  readonly wrong: string[];
}

/** Appends elements one after the other, each until it is in, as a writer of a table does. */
async function write(host: Host, shard: Shard<string>, story: Story): Promise<void> {
  for (let number = 0; ; number++) {
    const element = `${host.process}/${number}`;
    story.begun.add(element);
    for (let upper = shard.known.upper!; ;) {
      const outcome = await shard.compareAndAppend([[element, upper, 1]], upper, upper + 1);
      if (outcome.ok) break;
      upper = outcome.upper!;
    }
    story.acknowledged.add(element);
    if (number % 5 === 4) await shard.downgradeSince(Math.min(shard.known.upper! - 5, story.heardUpper));
    if (number % 7 === 0) story.owners.push(await shard.acquire({ generation: 1, epoch: number }));
    await host.sleep(micros(200_000 + host.random(400_000)));
  }
}

async function follow(shard: Shard<string>, story: Story): Promise<void> {
  const listener = shard.listen(-1);
  for (;;) {
    const { updates, upper } = await listener.next();
    for (const [element, , diff] of updates) story.heard.set(element, (story.heard.get(element) ?? 0) + diff);
    story.heardUpper = upper!;
  }
}

async function look(host: Host, shard: Shard<string>, story: Story): Promise<void> {
  for (;;) {
    await host.sleep("3s");
    const { upper } = await shard.bounds();
    try {
      const contents = new Map(await shard.snapshot(upper!));
      for (const [element, count] of contents) if (count !== 1) story.wrong.push(element);
      story.snapshots++;
    } catch (error) {
      expect(error).toMatchObject({ code: "since-violation" });
    }
  }
}

/** Two minutes with one fault after the other, drawn by the seed, and two minutes to recover. */
async function live(seed: string, policies: Partial<PersistPolicies> = {}): Promise<Story> {
  const world = new PersistWorld(seed);
  const { tank, objects, postgres } = world;
  const story: Story = {
    world,
    begun: new Set(),
    acknowledged: new Set(),
    heard: new Map(),
    owners: [],
    heardUpper: 0,
    snapshots: 0,
    wrong: [],
  };
  let isOver = false;
  for (const name of ["writer1", "writer2"]) {
    const program = async (host: Host): Promise<void> => {
      if (isOver) return;
      await write(host, world.client(host, policies).shard<string>("s"), story);
    };
    tank.start(name, program, { restart: "always", ambient: "ports" });
  }
  tank.outsider("listener", (host) => follow(world.client(host, policies).shard<string>("s"), story));
  tank.outsider("reader", (host) => look(host, world.client(host, policies).shard<string>("s"), story));
  const { controls } = tank;
  const turns = [
    () => objects.loseAnswers(3),
    () => postgres.loseAnswers(3),
    () => objects.fail("InternalError", 2),
    () => objects.fail("SlowDown", 2),
    () => postgres.outage(),
    () => void postgres.restart(micros(1_000_000)),
    () => void controls.host("postgres").crash(),
    () => void controls.host("s3").crash(),
    () => void controls.host("writer1").crash(),
    () => void controls.host("writer2").slowDeath("5s"),
    () => controls.link("postgres", "writer1").clog(),
    () => controls.link("writer2", "postgres").block(),
    () => void controls.link("writer1", "postgres").halfOpen(),
    () => void controls.link("postgres", "listener").halfOpen(),
    () => controls.link("s3", "reader").delay("1s"),
    () => controls.host("writer1").pause(),
  ];
  tank.outsider("fate", async (host) => {
    for (let second = 2; second < 120; second += 2) {
      await host.sleep("2s");
      const heal = turns[host.random(turns.length)]!();
      if (heal !== undefined) tank.at(micros(tank.now + 1_000_000 + host.random(8_000_000)), heal);
    }
    await host.sleep("120s");
    isOver = true;
    for (const name of ["writer1", "writer2"]) controls.host(name).crash();
    await host.sleep("30s");
  });
  await tank.run("300s");
  return story;
}

/** Contents of the shard as its database has them, by element. */
function durable({ world }: Story): Map<string, number> {
  const updates = world.appends.flatMap((append) => [...append.updates]);
  return new Map(contentsAt(updates, Number.MAX_SAFE_INTEGER) as [string, number][]);
}

describe("shards under faults", () => {
  beforeAll(loadPgParser);

  it.each(["a", "b", "c", "d", "e", "f"])("every append takes effect as it was answered (seed %s)", async (seed) => {
    const story = await live(seed);
    const contents = durable(story);
    expect(story.acknowledged.size).toBeGreaterThan(100);
    expect(story.snapshots).toBeGreaterThan(10);
    expect(story.wrong).toEqual([]);
    for (const element of story.acknowledged) expect([element, contents.get(element)]).toEqual([element, 1]);
    for (const [element, count] of contents)
      expect([element, story.begun.has(element), count]).toEqual([element, true, 1]);
    let upper = 0;
    for (const append of story.world.appends) {
      expect(append.lower).toBe(upper);
      upper = append.upper!;
    }
    expect(story.heardUpper).toBe(upper);
    expect(story.heard).toEqual(contents);
    for (const [place, owner] of story.owners.entries()) {
      if (place > 0) expect(isLower(owner, story.owners[place - 1]!)).toBe(false);
    }
  });

  it("a world with the same seed is the same", async () => {
    const [first, second] = [await live("twice"), await live("twice")];
    expect(first.world.appends).toEqual(second.world.appends);
    expect(first.world.tank.kernel.trace.hash).toEqual(second.world.tank.kernel.trace.hash);
  });

  it("a writer that does not recognise its own append repeats it", async () => {
    const doubled = async (seed: string): Promise<boolean> => {
      const contents = durable(await live(seed, { isOurs: () => false }));
      return [...contents.values()].some((count) => count > 1);
    };
    expect(await someSeed(doubled)).toBe(true);
  });

  it("a writer that takes a lost answer for a yes loses appends", async () => {
    const lost = async (seed: string): Promise<boolean> => {
      const story = await live(seed, { afterLostAnswer: () => "assume-done" });
      const contents = durable(story);
      return [...story.acknowledged].some((element) => !contents.has(element));
    };
    expect(await someSeed(lost)).toBe(true);
  });
});

async function someSeed(holds: (seed: string) => Promise<boolean>): Promise<boolean> {
  for (const seed of ["a", "b", "c", "d", "e", "f", "g", "h"]) if (await holds(seed)) return true;
  return false;
}
