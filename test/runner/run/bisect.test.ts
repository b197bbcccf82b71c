import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { micros } from "../../../src/base/time.ts";
import { hashText, hex64 } from "../../../src/base/hash.ts";
import { checkpointEvents } from "../../../src/kernel/trace.ts";
import { findDivergence, firstDivergence, type Run } from "../../../src/runner/run/bisect.ts";
import type { RunRecord, TraceRecord } from "../../../src/runner/run/record.ts";
import { judged, plan } from "../../support/judged-plan.ts";

/** A run of `events` events that all depend on event number `parts`, where it takes another turn. */
function ran(events: number, parts = 0, record = false): RunRecord {
  const trace: TraceRecord[] = [];
  const checkpoints: string[] = [];
  let rolling = 1;
  for (let event = 1; event <= events; event++) {
    const text = event === parts ? "another turn" : `step ${event}`;
    rolling = hashText(text, rolling);
    const hash = hex64(rolling, 0);
    trace.push({ event, at: micros(event * 10), process: "server#1", kind: "timer", text, hash });
    if (event % checkpointEvents === 0) checkpoints.push(hash);
  }
  return {
    ...judged(plan([]), () => null),
    hash: hex64(rolling, 0),
    events,
    checkpoints,
    trace: record ? trace : [],
  };
}

function runOf(events: number, parts = 0): { run: Run; recorded: boolean[] } {
  const recorded: boolean[] = [];
  return {
    recorded,
    run: ({ record }) => {
      recorded.push(record);
      return Promise.resolve(ran(events, parts, record));
    },
  };
}

describe("two runs", () => {
  it("that agree have no divergence, and are not recorded for it", async () => {
    const [a, b] = [runOf(1_000), runOf(1_000)];
    expect(await findDivergence(a.run, b.run)).toBeNull();
    expect([...a.recorded, ...b.recorded]).toEqual([false, false]);
  });

  it("that differ are told apart at the first differing record, after up to 5 that agree", async () => {
    const found = await findDivergence(runOf(1_000).run, runOf(1_000, 700).run);
    expect(found).toMatchObject({
      event: 700,
      eventLast: 700,
      left: { event: 700, at: 7_000, process: "server#1", kind: "timer", text: "step 700" },
      right: { event: 700, text: "another turn" },
    });
    expect(found?.before.map((record) => record.event)).toEqual([695, 696, 697, 698, 699]);
  });

  it("that differ at once have nothing before it", async () => {
    expect((await findDivergence(runOf(10).run, runOf(10, 1).run))?.before).toEqual([]);
  });

  it("of which one goes on have null on the side that ended", async () => {
    expect(await findDivergence(runOf(600).run, runOf(601).run)).toMatchObject({
      event: 601,
      left: null,
      right: { event: 601 },
    });
  });

  it("without traces are bracketed by the checkpoints around the first differing event", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000 }), fc.nat(1_000), (parts, more) => {
        const events = parts + more;
        const found = firstDivergence(ran(events), ran(events, parts));
        expect(found).toMatchObject({ left: null, right: null, before: [] });
        expect(found!.event).toBeLessThanOrEqual(parts);
        expect(found!.eventLast).toBeGreaterThanOrEqual(parts);
        expect(found!.eventLast - found!.event).toBeLessThan(checkpointEvents);
      }),
    );
  });

  it("of different length without traces are bracketed up to the first event that only one has", () => {
    expect(firstDivergence(ran(600), ran(900))).toMatchObject({ event: 513, eventLast: 601 });
    expect(firstDivergence(ran(512), ran(900))).toMatchObject({ event: 513, eventLast: 513 });
  });

  it("that differ once and agree the next time keep the bracket of the first time", async () => {
    const records = [ran(600, 300), ran(600, 0, true)];
    const flaky: Run = () => Promise.resolve(records.shift()!);
    expect(await findDivergence(runOf(600).run, flaky)).toMatchObject({ event: 257, eventLast: 512, left: null });
  });

  it("whose records read the same are told apart by their hashes", () => {
    const a = ran(20, 0, true);
    const b = { ...a, hash: "0", trace: a.trace.map((line) => (line.event < 9 ? line : { ...line, hash: "0" })) };
    expect(firstDivergence(a, b)?.event).toBe(9);
  });
});
