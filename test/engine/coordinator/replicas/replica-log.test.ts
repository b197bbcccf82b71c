/** What is written down of the processes of replicas, and what a relation shows of them. */
import { describe, expect, it } from "vitest";
import type { ServiceState } from "../../../../src/ports/orchestrator.ts";
import { ReplicaBook } from "../../../../src/engine/coordinator/replicas/replica-book.ts";
import { ReplicaLog, type SeenProcess } from "../../../../src/engine/coordinator/replicas/replica-log.ts";

const process: SeenProcess = {
  service: "g1-r1",
  replica: "r1",
  index: 0,
  isRunning: true,
  reason: null,
  ends: 0,
  at: 1,
};

/** Rows that became of it, as [status, ends]. */
function rowsOf(log: ReplicaLog): unknown {
  log.take();
  log.recorded();
  return log.history.map(({ status, ends }) => [status, ends]);
}

function service(name: string, ends: number): ServiceState {
  const states = [{ index: 0, state: "running", reason: ends === 0 ? null : "lost", ends, since: 1 } as const];
  return { name, processes: 1, workers: 1, states };
}

describe("history of processes", () => {
  it("a process is noted when it is first seen, when it ended and when it runs again", () => {
    const log = new ReplicaLog(() => undefined);
    log.seen(process);
    log.seen(process);
    log.seen({ ...process, isRunning: false, reason: "lost", ends: 1 });
    log.seen({ ...process, reason: "lost", ends: 1 });
    log.seen({ ...process, reason: "lost", ends: 3 });
    expect(rowsOf(log)).toEqual([
      ["online", 0],
      ["offline", 1],
      ["online", 1],
      ["offline", 3],
      ["online", 3],
    ]);
  });

  it("the next generation runs the same replica as another service, whose ends are counted from the beginning", () => {
    const before = new ReplicaLog(() => undefined);
    before.seen({ ...process, reason: "lost", ends: 5 });
    const rows = before.take().map(({ row }) => row);
    const log = new ReplicaLog(() => undefined);
    log.restore(rows);
    const next = { ...process, service: "g2-r1" };
    log.seen({ ...process, reason: "lost", ends: 5 });
    log.seen(next);
    log.seen({ ...next, reason: "lost", ends: 1 });
    expect(rowsOf(log)).toEqual([
      ["offline", 5],
      ["online", 5],
      ["online", 0],
      ["offline", 1],
      ["online", 1],
    ]);
  });

  it("a service that was removed and declared anew counts from the beginning, too", () => {
    const log = new ReplicaLog(() => undefined);
    log.seen({ ...process, reason: "lost", ends: 2 });
    log.seen(process);
    log.seen({ ...process, reason: "lost", ends: 1 });
    expect(rowsOf(log)).toEqual([
      ["offline", 2],
      ["online", 2],
      ["online", 0],
      ["offline", 1],
      ["online", 1],
    ]);
  });
});

describe("what is known of replicas", () => {
  it("of a replica that is not connected nobody knows how far it is, nor of an object that is gone", () => {
    const book = new ReplicaBook(new ReplicaLog(() => undefined));
    book.listed([service("g1-r1", 0)], () => "r1");
    book.heard("g1-r1", true, "connected");
    book.reached("g1-r1", "u1", 1, 7);
    book.reached("g1-r1", "u2", 1, 8);
    book.forget("u2");
    expect([book.reachedBy("g1-r1", "u1", 1), book.reachedBy("g1-r1", "u2", 1)]).toEqual([7, undefined]);
    book.heard("g1-r1", false, "lost");
    expect(book.reachedBy("g1-r1", "u1", 1)).toBe(undefined);
    expect(book.processes("g1-r1", "r1")).toMatchObject([{ status: "starting", reason: "lost" }]);
  });
});
