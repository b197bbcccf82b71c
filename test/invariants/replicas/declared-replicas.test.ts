/** L-CTL-2: the replicas of the catalog against those that run. */
import { describe, expect, it } from "vitest";
import type { Json } from "../../../src/base/json.ts";
import { declaredReplicas } from "../../../src/invariants/replicas/declared-replicas.ts";
import { catalogHistory, firstBreach, type Seen } from "../../support/hand-trace.ts";

const token = (generation: number): Json => ({ kind: "token", key: "fence", value: { generation, epoch: 1 } });
const replica = (id: string, processes = 1): Json => ({
  kind: "replica",
  key: id,
  value: { cluster: "c1", name: id, size: { processes, workers: 1 } },
});
const declared = (service: string, processes = 1, workers = 1): Seen => [
  "orchestrator.declared",
  { service, processes, workers, by: "env-1" },
];
const removed = (service: string): Seen => ["orchestrator.removed", { service, by: "env-1" }];
const lives = (kind: string, process: string): Seen => [kind, { host: process.replace(/#.*/, ""), process }];
const started = (process: string): Seen => lives("process.started", process);
const crashed = (process: string): Seen => lives("process.crashed", process);

/** A catalog with replicas `r1` and `r2`, the second one of two processes, and both as they should be. */
function world(): { readonly commit: ReturnType<typeof catalogHistory>; readonly begun: readonly Seen[] } {
  const commit = catalogHistory();
  const begun = [
    declared("g1-r1"),
    started("clusterd-0#1"),
    commit([], [token(1), replica("r1")]),
    commit([], [replica("r2", 2)]),
    declared("g1-r2", 2),
    started("clusterd-r2-0#1"),
    started("clusterd-r2-1#1"),
  ];
  return { commit, begun };
}

/** What is found wrong with the world after more has happened. */
function broken(more: (commit: ReturnType<typeof catalogHistory>) => readonly Seen[]): string | undefined {
  const { commit, begun } = world();
  return firstBreach(declaredReplicas, [...begun, ...more(commit)])?.subject;
}

describe("L-CTL-2", () => {
  it("accepts replicas that run, come and go, and processes that were started again", () => {
    expect(broken(() => [])).toBeUndefined();
    expect(broken(() => [crashed("clusterd-r2-0#1"), started("clusterd-r2-0#2")])).toBeUndefined();
    const gone = [crashed("clusterd-r2-0#1"), crashed("clusterd-r2-1#1")];
    expect(broken((commit) => [commit([replica("r2", 2)], []), removed("g1-r2"), ...gone])).toBeUndefined();
  });

  it("accepts what is left of an older generation, and a catalog that names no replicas", () => {
    const newer = [declared("g2-r1"), started("clusterd-g2-0#1"), declared("g2-r2", 2)];
    const both = [...newer, started("clusterd-g2-r2-0#1"), started("clusterd-g2-r2-1#1")];
    expect(broken((commit) => [commit([token(1)], [token(2)]), ...both])).toBeUndefined();
    expect(firstBreach(declaredReplicas, [declared("g1-r1"), started("clusterd-0#1")])).toBeUndefined();
  });

  it("rejects a replica that the orchestrator was not told of, or in another size", () => {
    expect(broken((commit) => [commit([], [replica("r3")])])).toBe("missing replica");
    expect(broken(() => [declared("g1-r2", 2, 4)])).toBe("missing replica");
    expect(broken((commit) => [commit([token(1)], [token(2)]), declared("g2-r1"), started("clusterd-g2-0#1")])).toBe(
      "missing replica",
    );
  });

  it("rejects a process that was never started, or is dead", () => {
    expect(broken((commit) => [commit([], [replica("r3")]), declared("g1-r3")])).toBe("missing process");
    expect(broken(() => [crashed("clusterd-r2-1#1")])).toBe("missing process");
  });

  it("rejects what was dropped and is still declared, or still runs", () => {
    expect(broken((commit) => [commit([replica("r2", 2)], [])])).toBe("left replica");
    expect(broken((commit) => [commit([replica("r2", 2)], []), removed("g1-r2")])).toBe("left process");
  });
});
