/** The timestamp oracle among processes that share it, while the database loses answers. */
import { beforeAll, describe, expect, it } from "vitest";
import { loadPgParser } from "../../../src/base/pg-parser.ts";
import { TimestampOracle } from "../../../src/engine/coordinator/time/oracle.ts";
import type { Host } from "../../../src/ports/host.ts";
import { PersistWorld } from "../persist/persist-world.ts";

beforeAll(loadPgParser);

describe("timestamp oracle", () => {
  it("no time is given twice, each is above those given before it was asked for, and reads never go back", async () => {
    const world = new PersistWorld("oracle");
    world.tank.at("2s", () => world.postgres.loseAnswers(5));
    const given: { readonly ts: number; readonly asked: number; readonly got: number }[] = [];
    const reads: { readonly ts: number; readonly asked: number; readonly got: number }[] = [];
    const applied: { readonly ts: number; readonly at: number }[] = [];
    const process = async (host: Host): Promise<void> => {
      const oracle = new TimestampOracle(world.ports(host), { generation: 1, epoch: 1 });
      await oracle.begin();
      for (let count = 0; count < 40; count++) {
        const asked = world.tank.now;
        const ts = await oracle.allocate(0);
        given.push({ ts, asked, got: world.tank.now });
        await oracle.apply(ts);
        applied.push({ ts, at: world.tank.now });
        const readAt = world.tank.now;
        reads.push({ ts: await oracle.read(), asked: readAt, got: world.tank.now });
      }
    };
    await world.run([process, process, process]);
    expect(new Set(given.map(({ ts }) => ts)).size).toBe(120);
    for (const { ts, asked } of given) {
      for (const earlier of given) if (earlier.got < asked) expect(earlier.ts).toBeLessThan(ts);
    }
    for (const { ts, asked } of reads) {
      for (const earlier of applied) if (earlier.at < asked) expect(ts).toBeGreaterThanOrEqual(earlier.ts);
      for (const earlier of reads) if (earlier.got < asked) expect(ts).toBeGreaterThanOrEqual(earlier.ts);
    }
  });

  it("a clock that stands still or goes back does not stop time", async () => {
    const world = new PersistWorld("frozen");
    await world.run([
      async (host) => {
        const oracle = new TimestampOracle(world.ports(host), { generation: 1, epoch: 1 });
        await oracle.begin();
        const first = await oracle.allocate(0);
        const far = await oracle.allocate(first + 1_000_000);
        expect(far).toBe(first + 1_000_000);
        expect(await oracle.allocate(0)).toBe(far + 1);
        await oracle.apply(far + 5);
        expect(await oracle.allocate(0)).toBe(far + 6);
        expect(await oracle.read()).toBe(far + 5);
      },
    ]);
  });
});
