import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PlanItem } from "../../../src/runner/plan/plan.ts";
import type { RunRecord } from "../../../src/runner/run/record.ts";
import type { Body } from "../../../src/scenario/define-scenario.ts";
import { micros } from "../../../src/base/time.ts";
import { runBody } from "../../support/bodies.ts";

describe("the ops of a plan", () => {
  const op = (at: number, session: number, value: number): PlanItem => ({
    kind: "op",
    at: micros(at),
    op: "note",
    session,
    value,
  });

  it("run one after the other in a session, beside each other in several, not before their times", async () => {
    const seen: string[] = [];
    const items = [op(0, 0, 1), op(0, 1, 2), op(100, 0, 3), op(5_000_000, 1, 4)];
    await runBody(
      ({ world, run }) =>
        run({
          note: async (value: number, session: number) => {
            seen.push(`${session}:${value}@${world.now}`);
            await world.sleep("1s");
          },
        }),
      { items, ops: { note: fc.nat() } },
    );
    expect(seen.toSorted()).toEqual(["0:1@0", "0:3@1000000", "1:2@0", "1:4@5000000"]);
  });

  it("go on after an op with an unknown outcome, and fail the body with any other error", async () => {
    const runOps = (error: Error): Promise<RunRecord> =>
      runBody(({ run }) => run({ note: () => Promise.reject(error) }), { items: [op(0, 0, 1), op(1, 0, 2)] });
    const coded = Object.assign(new Error("gone"), { code: "ETIMEDOUT" });
    expect((await runOps(coded)).verdict).toBe("passed");
    expect((await runOps(new RangeError("wrong"))).failure).toMatchObject({ signature: "body:RangeError" });
  });
});

describe("options of an execution", () => {
  const body: Body = async ({ world, run }) => {
    world.host("server").start((host) => host.listen(1, (request) => request), { restart: "always" });
    await run({ call: (value) => world.host("client").call("server:1", value) });
  };
  const items: PlanItem[] = [1, 2, 3].map((index) => ({
    kind: "op",
    at: micros(index * 1_000_000),
    op: "call",
    session: 0,
    value: index,
  }));
  const setup = { items, ops: { call: fc.nat() } };

  it("change what is recorded and checked, never the hash", async () => {
    const base = await runBody(body, setup);
    for (const run of [{ record: true }, { checking: true }, { drain: "immediate" }] as const) {
      expect((await runBody(body, { ...setup, run })).hash).toBe(base.hash);
    }
  });

  it("keep the full trace when asked, in order, ending with the hash of the run", async () => {
    const record = await runBody(body, { ...setup, run: { record: true } });
    expect(record.trace.length).toBeGreaterThan(20);
    expect(record.trace.at(-1)?.hash).toBe(record.hash);
    expect(record.trace.some((line) => line.text.includes("client → server:1 connect"))).toBe(true);
  });

  it("stop the run before a moment", async () => {
    const record = await runBody(body, { ...setup, run: { until: micros(1_500_000) } });
    expect(record.verdict).toBe("passed");
    expect(record.endedAt).toBeLessThanOrEqual(1_500_000);
  });
});
