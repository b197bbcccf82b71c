/** The catalog on a shard in memory: opening, committing, and what a process notices when it has been replaced. */
import { describe, expect, it } from "vitest";
import type { Json } from "../../../src/base/json.ts";
import { openCatalog, type Catalog } from "../../../src/engine/catalog/catalog.ts";
import type { CatalogEntry } from "../../../src/engine/catalog/entry.ts";
import { catalogPolicies, type CatalogPolicies } from "../../../src/engine/catalog/policies.ts";
import { createItem, dropItems } from "../../../src/engine/catalog/transaction.ts";
import { memoryPersist, stateOf, type MemoryShards } from "./memory-persist.ts";

const table = { name: "t", kind: "table", sql: "CREATE TABLE t (a int)", cluster: null } as const;

function setup(policies: Partial<CatalogPolicies> = {}) {
  const shards: MemoryShards = new Map();
  const events: (readonly [string, Json])[] = [];
  let interlude: (() => Promise<void>) | null = null;
  const quiet = memoryPersist(shards, async () => undefined);
  const persist = memoryPersist(shards, async (operation) => {
    const run = operation === "append" ? interlude : null;
    if (run === null) return;
    interlude = null;
    await run();
  });
  const open = (generation: number, version?: number, client = quiet) =>
    openCatalog({
      shard: client.shard<CatalogEntry>("catalog"),
      generation,
      ...(version === undefined ? {} : { version }),
      policies: { ...catalogPolicies, ...policies },
      emit: (kind, data) => events.push([kind, data]),
    });
  const opened = async (generation: number): Promise<Catalog> => {
    const opening = await open(generation);
    if (!opening.ok) throw new Error(opening.refusal.kind);
    return opening.catalog;
  };
  return { shards, events, open, opened, persist, beforeAppend: (run: () => Promise<void>) => void (interlude = run) };
}

async function create(catalog: Catalog, name: string, ts: number) {
  return catalog.commit(createItem(catalog.contents, { ...table, name }, ts), ts, "create-table", []);
}

describe("catalog", () => {
  it("opening it again retracts the old token and counts the epoch up", async () => {
    const { opened, events } = setup();
    await opened(1);
    await opened(1);
    const third = await opened(2);
    expect(third.token).toEqual({ generation: 2, epoch: 3 });
    expect(third.contents.tokens()).toEqual([{ generation: 2, epoch: 3 }]);
    expect(events.filter(([kind]) => kind === "catalog.opened").map(([, data]) => data)).toEqual([
      { generation: 1, epoch: 1, previous: null },
      { generation: 1, epoch: 2, previous: { generation: 1, epoch: 1 } },
      { generation: 2, epoch: 3, previous: { generation: 1, epoch: 2 } },
    ]);
  });

  it("what was committed is there after the next opening, and ids are not given twice", async () => {
    const { opened } = setup();
    const first = await opened(1);
    expect(await create(first, "a", 100)).toEqual({ ok: true, upper: 101 });
    await first.commit(dropItems(first.contents, ["u1"], 101), 101, "drop", ["u1"]);
    await create(first, "b", 200);
    const second = await opened(1);
    expect(second.contents.all("item").map(({ key }) => key)).toEqual(["u2"]);
    expect(second.contents.get("shard", "u2")).toEqual({ shard: "tables", table: "u2" });
    expect(second.contents.get("id-allocator", "user")).toBe(3);
  });

  it("a commit below the upper is late and writes nothing", async () => {
    const { opened, shards } = setup();
    const catalog = await opened(1);
    await create(catalog, "a", 100);
    const { length } = stateOf(shards, "catalog").updates;
    expect(await create(catalog, "b", 100)).toEqual({ ok: false, late: true, upper: 101 });
    expect(stateOf(shards, "catalog").updates).toHaveLength(length);
  });

  it("a leader of a lower generation is told so by commits, by advances and by confirmation", async () => {
    const { opened } = setup();
    const [one, two, three] = [await opened(1), await opened(1), await opened(1)];
    await opened(2);
    const refusal = { kind: "fenced", fence: { by: "generation", seen: { generation: 2, epoch: 4 } } };
    expect(await create(one, "a", 500)).toMatchObject({ ok: false, refusal });
    expect(await two.advance(two.upper + 5)).toMatchObject({ ok: false, refusal });
    expect(await three.confirm()).toMatchObject(refusal);
  });

  it("who drains sees the generation even where an epoch of its own came first", async () => {
    const { opened } = setup();
    const first = await opened(1);
    await opened(1);
    await opened(2);
    expect(await first.confirm()).toMatchObject({ fence: { by: "generation" } });
  });

  it("an upper that is there already proves nothing, unless the policy says so", async () => {
    const sound = setup();
    const old = await sound.opened(1);
    await sound.opened(1);
    expect(await old.advance(0)).toMatchObject({ ok: false, refusal: { kind: "fenced", fence: { by: "epoch" } } });
    const trusting = setup({ trustsUpper: () => true });
    const believer = await trusting.opened(1);
    await trusting.opened(1);
    expect(await believer.advance(0)).toMatchObject({ ok: true });
  });

  it("a transaction between reading and fencing costs one more attempt, and leaves one token", async () => {
    const { opened, open, persist, beforeAppend, shards } = setup();
    const leader = await opened(1);
    beforeAppend(async () => void (await create(leader, "a", 100)));
    const opening = await open(2, undefined, persist);
    expect(opening).toMatchObject({ ok: true, catalog: { token: { generation: 2, epoch: 2 } } });
    if (!opening.ok) return;
    expect(opening.catalog.contents.tokens()).toHaveLength(1);
    expect(opening.catalog.contents.all("item")).toHaveLength(1);
    expect(stateOf(shards, "catalog").upper).toBe(opening.catalog.upper);
  });

  it("content that is nobody's is out of sync; empty progress is not", async () => {
    const { opened, shards } = setup();
    const catalog = await opened(1);
    const shard = memoryPersist(shards, async () => undefined).shard<CatalogEntry>("catalog");
    await shard.compareAndAppend([], catalog.upper, 50);
    expect(await create(catalog, "a", 60)).toEqual({ ok: true, upper: 61 });
    await shard.compareAndAppend([[{ kind: "audit", key: "x", value: null }, 70, 1]], 61, 71);
    expect(await create(catalog, "b", 80)).toEqual({ ok: false, late: false, refusal: { kind: "out-of-sync" } });
  });

  it("a process that slept while the shard was compacted still finds out", async () => {
    const { opened, shards } = setup();
    const sleeper = await opened(1);
    const leader = await opened(2);
    await create(leader, "a", 1_000);
    stateOf(shards, "catalog").since = 1_000;
    expect(await create(sleeper, "b", 2_000)).toMatchObject({ refusal: { fence: { by: "generation" } } });
  });

  it("contents of a newer binary are refused, and its fence comes before that", async () => {
    const { open } = setup();
    await open(1, 2);
    expect(await open(1, 1)).toEqual({ ok: false, refusal: { kind: "incompatible-version", durable: 2 } });
    const other = setup();
    await other.open(2, 2);
    expect(await other.open(1, 1)).toMatchObject({ ok: false, refusal: { kind: "fenced" } });
  });

  it("those who ask for confirmation together share one reading, begun after they asked", async () => {
    const { opened, shards } = setup();
    const catalog = await opened(1);
    const before = catalog.confirm();
    const [first, second] = [catalog.confirm(), catalog.confirm()];
    expect(first).toBe(second);
    expect(await Promise.all([before, first])).toEqual([null, null]);
    expect(stateOf(shards, "catalog").upper).toBe(catalog.upper);
  });
});
