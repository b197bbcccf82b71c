/**
 * The whole database while processes of its replica die, stand still or find their ports taken (domain rules W7, W10 and
 * B37): the replica comes back in bounded time, and statements that need it are served.
 */
import { describe, expect, it } from "vitest";
import { micros, type Micros } from "../../src/base/time.ts";
import { addressInUse, crash, pause, replicaCrash } from "../../src/faults/public.ts";
import type { PlanItem } from "../../src/runner/plan/plan.ts";
import type { RunRecord } from "../../src/runner/run/record.ts";
import { enginePolicies, StreamingWorld, type Topology } from "../../src/streaming.ts";
import { runBody } from "../support/bodies.ts";

const seconds = (count: number): Micros => micros(Math.round(count * 1_000_000));

/** A fault as an item of the plan. */
function during(fault: string, params: { readonly [name: string]: string }, at: number, until = at + 0.001): PlanItem {
  return { kind: "fault", fault, params, at: seconds(at), until: seconds(until) };
}

const started = 20;

interface Outcome {
  readonly record: RunRecord;
  /** From the end of the faults to the answer that holds what was written in between, s. */
  readonly servedAfter: number;
  /** How many processes ended for the loss of their mesh. */
  readonly lost: number;
}

/** Runs the database under faults that are over at `overAt`; a row is written before, in the middle and afterwards. */
async function served(items: readonly PlanItem[], overAt: number, topology: Partial<Topology> = {}): Promise<Outcome> {
  let servedAfter = Infinity;
  const record = await runBody(
    async ({ world }) => {
      const db = new StreamingWorld({ world, policies: enginePolicies, topology });
      await db.ensure("CREATE TABLE t (n int)");
      await db.ensure("CREATE MATERIALIZED VIEW doubles AS SELECT n + n AS d FROM t");
      await db.rows("INSERT INTO t VALUES (1)");
      expect(await db.rows("SELECT d FROM doubles")).toEqual([[2]]);
      expect(world.now).toBeLessThan(seconds(started));
      await world.sleep(micros(seconds(started) - world.now + 500_000));
      // The environment takes writes, whatever becomes of the replica.
      const asked = world.now;
      await db.rows("INSERT INTO t VALUES (2)");
      expect(world.now - asked).toBeLessThan(seconds(3));
      await world.sleep(micros(Math.max(0, seconds(overAt) - world.now)));
      await db.rows("INSERT INTO t VALUES (3)");
      expect(await db.rows("SELECT d FROM doubles ORDER BY d")).toEqual([[2], [4], [6]]);
      servedAfter = (world.now - seconds(overAt)) / 1_000_000;
    },
    { items, faults: [addressInUse(), crash(), pause(), replicaCrash()], run: { record: true } },
  );
  const ends = record.trace.filter(({ kind }) => kind === "process.exited");
  const lost = ends.filter(({ text }) => text.includes("mesh-lost")).length;
  return { record, servedAfter, lost };
}

const hosts = ["clusterd-0", "clusterd-1", "clusterd-2"];

describe("a process whose address is still in use after its crash (W7)", () => {
  // The port is asked for every second; a process that gave up is started again after 10 s at most, and forms within 5 s.
  it.each([
    { held: 6, within: 8 },
    { held: 18, within: 16 },
  ])("comes back within $within s when that is over after $held s", async ({ held, within }) => {
    for (const host of hosts) {
      const over = started + held;
      const items = [during("net.address-in-use", { host }, started, over), during("process.crash", { host }, started)];
      const { record, servedAfter } = await served(items, over);
      expect(record.failure).toBeNull();
      expect(record.faults.map(({ bit }) => bit)).toEqual([true, true]);
      expect(servedAfter).toBeLessThan(within);
    }
  });
});

describe("a process that stands still (W10)", () => {
  it("is waited for as long as its peers do not take it for dead", async () => {
    for (const host of hosts) {
      const { record, servedAfter, lost } = await served([during("process.pause", { host }, started, 27)], 27);
      expect(record.failure).toBeNull();
      expect(lost).toBe(0);
      expect(servedAfter).toBeLessThan(1);
    }
  });

  it("costs its mesh when it takes longer, which forms again within 5 s of its awakening", async () => {
    for (const host of hosts) {
      const { record, servedAfter, lost } = await served([during("process.pause", { host }, started, 55)], 55);
      expect(record.failure).toBeNull();
      expect(lost).toBe(3);
      expect(servedAfter).toBeLessThan(5);
    }
  });

  it("keeps nobody from forming when it does so in the middle of a handshake", async () => {
    for (const host of hosts) {
      const other = host === "clusterd-1" ? "clusterd-2" : "clusterd-1";
      const items = [
        during("process.crash", { host: other }, started),
        during("process.pause", { host }, started + 0.51, 40),
      ];
      const { record, servedAfter } = await served(items, 40);
      expect(record.failure).toBeNull();
      expect(servedAfter).toBeLessThan(16);
    }
  });
});

describe("a replica of sixteen processes that die at once, with backoffs of their own (B37)", () => {
  it("comes back within 30 s", async () => {
    const all = Array.from({ length: 16 }, (_, index) => `clusterd-${index}`);
    const before = all.flatMap((host, index) =>
      Array.from({ length: index % 4 }, (_, time) => during("process.crash", { host }, started + time * 3 + index / 8)),
    );
    const over = started + 12;
    const items = [...before, during("replica.crash", { prefix: "clusterd" }, over)];
    const { record, servedAfter } = await served(items, over, { processes: 16, workersPerProcess: 1 });
    expect(record.failure).toBeNull();
    expect(record.faults.at(-1)).toMatchObject({ fault: "replica.crash", bit: true });
    expect(servedAfter).toBeLessThan(30);
  });
});
