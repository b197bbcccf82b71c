/** Reports of health, numbered and folded. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { HealthStatus, HealthUpdate } from "../../../src/engine/compute/protocol.ts";
import { StatusLog } from "../../../src/engine/coordinator/health/status-log.ts";
import { decodeStatus, encodeStatus, type StatusRow } from "../../../src/engine/coordinator/health/status-row.ts";

function update(status: HealthStatus, more: Partial<HealthUpdate> = {}): HealthUpdate {
  const isWell = status === "running" || status === "starting";
  return {
    id: "u1",
    incarnation: 1,
    status,
    error: isWell ? null : "down",
    class: isWell ? null : "transient",
    code: isWell ? null : "ETIMEDOUT",
    namespace: "kafka",
    hint: null,
    occurrences: isWell ? 0 : 1,
    at: 1,
    ...more,
  };
}

function written(log: StatusLog): readonly StatusRow[] {
  const rows = log.take().map(({ row }) => decodeStatus(row));
  log.recorded();
  return rows;
}

describe("status log", () => {
  it("rows are numbered one after the other, over those that were there before", () => {
    const log = new StatusLog();
    log.restore([{ ...update("starting"), seq: 4, type: "source" }]);
    log.add(update("running"), "source");
    log.add(update("stalled"), "source");
    expect(written(log).map(({ seq, status }) => [seq, status])).toEqual([
      [5, "running"],
      [6, "stalled"],
    ]);
  });

  it("what says nothing new is no row but counts, and of repeated failures that wait the newest count is enough", () => {
    const log = new StatusLog();
    log.add(update("stalled", { occurrences: 1 }), "source");
    log.add(update("stalled", { occurrences: 2 }), "source");
    log.add(update("stalled", { occurrences: 3 }), "source");
    expect(written(log).map(({ occurrences }) => occurrences)).toEqual([3]);
    log.add(update("stalled", { occurrences: 4, at: 99 }), "source");
    expect(log.isWaiting).toBe(false);
    expect([...log.fold.errors.values()]).toMatchObject([{ firstSeen: 1, lastSeen: 99, occurrences: 4 }]);
    expect(log.fold.history.map(({ occurrences }) => occurrences)).toEqual([3]);
  });

  it.each<readonly [string, Partial<HealthUpdate>]>([
    ["text", { error: "gone" }],
    ["class", { class: "input" }],
    ["code", { code: "ECONNRESET" }],
    ["incarnation", { incarnation: 2 }],
  ])("another %s is news", (_what, other) => {
    const log = new StatusLog();
    log.add(update("stalled"), "source");
    written(log);
    log.add(update("stalled", other), "source");
    expect(written(log)).toMatchObject([other]);
  });

  it("rows that were taken keep their numbers until they are durable", () => {
    const log = new StatusLog();
    log.add(update("starting"), "source");
    const first = log.take();
    log.add(update("running"), "source");
    expect(log.take()).toEqual(first);
    log.recorded();
    expect(log.take().map(({ row }) => decodeStatus(row).seq)).toEqual([2]);
  });

  it("an error is one episode from its first report to the next success, a later one is another", () => {
    const log = new StatusLog();
    for (const [at, status] of [
      [10, "stalled"],
      [20, "stalled"],
      [30, "running"],
      [40, "stalled"],
    ] as const) {
      log.add(update(status, { at, occurrences: at }), "sink");
      log.recorded();
      written(log);
      const [error] = log.fold.errors.values();
      const expected = { 10: [10, null], 20: [10, null], 30: [10, 30], 40: [40, null] }[at];
      expect([error!.firstSeen, error!.resolvedAt]).toEqual(expected);
    }
    expect(log.fold.errors.size).toBe(1);
  });

  it("nothing counts behind DROPPED, whatever comes in whatever order, and folding again gives the same", () => {
    const status = fc.constantFrom<HealthStatus>("starting", "running", "degraded", "stalled", "failed", "dropped");
    const step = fc.record({ id: fc.constantFrom("u1", "u2"), status, occurrences: fc.nat(3), writes: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const log = new StatusLog();
        const rows: StatusRow[] = [];
        for (const { id, status: to, occurrences, writes } of steps) {
          log.add(update(to, { id, occurrences }), "source");
          if (writes) rows.push(...written(log));
        }
        rows.push(...written(log), ...written(log));
        expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, index) => index + 1));
        for (const id of ["u1", "u2"]) {
          const own = rows.filter((row) => row.id === id);
          const dropped = own.findIndex((row) => row.status === "dropped");
          if (dropped >= 0) expect(dropped).toBe(own.length - 1);
          expect(log.fold.latest.get(id)).toEqual(own.at(-1));
        }
        const again = new StatusLog();
        again.restore(rows.toReversed());
        // What was merely repeated is not stored.
        const stored = ({ fold }: StatusLog) =>
          [...fold.errors].map(([key, { row, firstSeen, resolvedAt }]) => [key, row, firstSeen, resolvedAt]);
        expect(stored(again)).toEqual(stored(log));
        expect([...again.fold.latest]).toEqual([...log.fold.latest]);
      }),
    );
  });

  it("a row is stored and read back as it was", () => {
    const row: StatusRow = { ...update("failed", { hint: "look" }), seq: 3, type: "sink" };
    expect(decodeStatus(encodeStatus(row))).toEqual(row);
  });
});
