/** S-MESH-1, S-MESH-2 and L-MESH-1: who works together, who works on, and whether a mesh forms in the end. */
import { describe, expect, it } from "vitest";
import { formedMesh } from "../../../src/invariants/mesh/formed-mesh.ts";
import { sharedFate } from "../../../src/invariants/mesh/shared-fate.ts";
import { singleIncarnations } from "../../../src/invariants/mesh/single-incarnations.ts";
import { firstBreach, shardHistory, type Seen } from "../../support/hand-trace.ts";

const indexOf = (process: string): number => Number(/-(\d+)#/.exec(process)![1]);
const hostOf = (process: string): string => process.replace(/#.*/, "");
const inMesh = (kind: string, process: string, epoch: string, second?: number): Seen => [
  kind,
  { replica: "r1", index: indexOf(process), epoch, size: 2 },
  process,
  second,
];
const formed = (process: string, epoch: string, second?: number): Seen => inMesh("mesh.formed", process, epoch, second);
const worked = (process: string, epoch: string, second?: number): Seen => inMesh("mesh.worked", process, epoch, second);
const started = (process: string, second?: number): Seen => [
  "process.started",
  { host: hostOf(process), process },
  "",
  second,
];
const crashed = (process: string, second?: number): Seen => [
  "process.crashed",
  { host: hostOf(process), process },
  "",
  second,
];
const exited = (process: string, second?: number): Seen => [
  "process.exited",
  { host: hostOf(process), process, exit: "halt", reason: "mesh-lost" },
  "",
  second,
];
const reported = (process: string, second: number): Seen => [
  "frontier.reported",
  { replica: "r1", id: "u1", upper: second },
  process,
  second,
];
const paused = (process: string, second: number): Seen => [
  "process.delayed",
  { host: hostOf(process), process },
  "",
  second,
];

describe("S-MESH-1", () => {
  it("accepts that a successor works under another epoch, and that no epoch says nothing", () => {
    const trace = [
      worked("clusterd-0#1", "1.5"),
      worked("clusterd-1#1", "1.5"),
      worked("clusterd-1#2", "2.5"),
      worked("clusterd-0#1", ""),
      worked("clusterd-0#2", ""),
    ];
    expect(firstBreach(singleIncarnations, trace)).toBeUndefined();
  });

  it("rejects two incarnations of one index in one mesh", () => {
    const trace = [worked("clusterd-0#1", "1.5"), worked("clusterd-1#1", "1.5"), worked("clusterd-1#2", "1.5")];
    expect(firstBreach(singleIncarnations, trace)).toMatchObject({
      subject: "r1 process 1",
      expected: "clusterd-1#1",
      observed: "clusterd-1#2",
    });
  });
});

describe("S-MESH-1, where processes tell whom they hear", () => {
  const heard = (process: string, peerProcess: string, epoch = "", peerEpoch = epoch): Seen => [
    "mesh.heard",
    { replica: "r1", index: indexOf(process), epoch, peer: indexOf(peerProcess), peerProcess, peerEpoch },
    process,
  ];
  const apart = [heard("clusterd-1#1", "clusterd-0#1"), heard("clusterd-1#1", "clusterd-2#1")];

  it("accepts meshes that follow one another, with epochs and without", () => {
    const next = [heard("clusterd-1#2", "clusterd-0#2"), heard("clusterd-0#2", "clusterd-2#1")];
    expect(firstBreach(singleIncarnations, [...apart, ...next])).toBeUndefined();
    const named = [heard("clusterd-1#1", "clusterd-0#1", "1.5"), heard("clusterd-1#1", "clusterd-0#1", "2.5")];
    expect(firstBreach(singleIncarnations, named)).toBeUndefined();
  });

  it("rejects two members of one mesh that hear different incarnations of a third", () => {
    const mixed = [...apart, heard("clusterd-2#1", "clusterd-0#2"), heard("clusterd-2#1", "clusterd-1#1")];
    const breach = firstBreach(singleIncarnations, mixed);
    expect(new Set([breach?.expected, breach?.observed])).toEqual(new Set(["clusterd-0#1", "clusterd-0#2"]));
  });

  it("knows from one member's company alone that it hears two incarnations, once a second one has spoken of it", () => {
    const breach = firstBreach(singleIncarnations, [...apart, heard("clusterd-0#1", "clusterd-1#2")]);
    expect(breach).toBeUndefined();
    const both = [...apart, heard("clusterd-0#1", "clusterd-2#2"), heard("clusterd-0#1", "clusterd-1#1")];
    expect(firstBreach(singleIncarnations, both)?.subject).toBe("r1 process 2");
  });

  it("rejects a word from a mesh with another epoch", () => {
    const breach = firstBreach(singleIncarnations, [heard("clusterd-1#1", "clusterd-0#1", "1.5", "2.5")]);
    expect([breach?.expected, breach?.observed]).toEqual(["1.5", "2.5"]);
  });
});

describe("S-MESH-2", () => {
  const mesh = [worked("clusterd-0#1", "1.5", 1), worked("clusterd-1#1", "1.5", 1), reported("clusterd-0#1", 90)];

  it("accepts what a survivor does before it can know, and what successors do", () => {
    const trace = [...mesh, crashed("clusterd-1#1", 100), reported("clusterd-0#1", 120), exited("clusterd-0#1", 121)];
    const next = [
      worked("clusterd-0#2", "2.5", 130),
      worked("clusterd-1#2", "2.5", 130),
      reported("clusterd-0#2", 200),
    ];
    expect(firstBreach(sharedFate, [...trace, ...next])).toBeUndefined();
  });

  it("rejects a survivor that works on", () => {
    const breach = firstBreach(sharedFate, [...mesh, exited("clusterd-1#1", 100), reported("clusterd-0#1", 141)]);
    expect(breach?.subject).toBe("survivor");
    const silent = [...mesh, crashed("clusterd-0#1", 100), worked("clusterd-1#1", "1.5", 150)];
    expect(firstBreach(sharedFate, silent)?.message).toMatch("clusterd-1#1");
  });

  it("knows no member but those who worked: who formed alone dies alone, and its successor joins", () => {
    const alone = [formed("clusterd-1#1", "1.5", 1), exited("clusterd-1#1", 2)];
    const joined = [worked("clusterd-0#1", "1.5", 5), worked("clusterd-1#2", "1.5", 5), reported("clusterd-0#1", 90)];
    expect(firstBreach(sharedFate, [...alone, ...joined])).toBeUndefined();
    expect(
      firstBreach(sharedFate, [...joined, exited("clusterd-1#2", 91), reported("clusterd-0#1", 140)])?.subject,
    ).toBe("survivor");
  });

  it("counts the time of a paused survivor from when it works again", () => {
    const trace = [...mesh, crashed("clusterd-1#1", 100), paused("clusterd-0#1", 110), reported("clusterd-0#1", 170)];
    expect(firstBreach(sharedFate, [...trace, reported("clusterd-0#1", 205)])).toBeUndefined();
    expect(firstBreach(sharedFate, [...trace, reported("clusterd-0#1", 211)])?.subject).toBe("survivor");
  });
});

describe("L-MESH-1", () => {
  const over = (second: number): Seen => ["faults.over", {}, "", second];
  const begun = [started("clusterd-0#1", 0), started("clusterd-1#1", 0)];
  const mesh = [formed("clusterd-0#1", "1.5", 1), formed("clusterd-1#1", "1.5", 1)];
  const later = (second: number): Seen => {
    const [kind, data] = shardHistory()("tables", { upper: 1 });
    return [kind, data, "", second];
  };

  it("holds without a replica, and for a mesh that has formed and lives", () => {
    expect(firstBreach(formedMesh, [])).toBeUndefined();
    expect(firstBreach(formedMesh, [...begun, ...mesh, over(50)])).toBeUndefined();
  });

  it("asks for the newest generation alone", () => {
    const newer = [started("clusterd-g2-0#1", 5), started("clusterd-g2-1#1", 5)];
    const ends = [crashed("clusterd-0#1", 9), crashed("clusterd-1#1", 9)];
    const trace = [...begun, ...newer, ...ends, over(50)];
    expect(firstBreach(formedMesh, trace)?.subject).toBe("not formed");
    const forms = [formed("clusterd-g2-0#1", "3.5"), formed("clusterd-g2-1#1", "3.5")];
    expect(firstBreach(formedMesh, [...trace, ...forms])).toBeUndefined();
  });

  it("fails while a process is dead, has not formed, or has formed another mesh", () => {
    expect(firstBreach(formedMesh, [...begun, ...mesh, exited("clusterd-1#1")])?.observed).toBe("dead");
    expect(firstBreach(formedMesh, [...begun, mesh[0]!])?.observed).toBe("forming");
    const restarted = [...begun, ...mesh, exited("clusterd-1#1"), started("clusterd-1#2")];
    expect(firstBreach(formedMesh, restarted)?.observed).toBe("forming");
    expect(firstBreach(formedMesh, [...restarted, formed("clusterd-1#2", "2.5")])?.observed).toEqual(["1.5", "2.5"]);
  });

  it("believes a mesh without an epoch once it has lasted", () => {
    const trace = [...begun, formed("clusterd-0#1", "", 1), formed("clusterd-1#1", "", 2)];
    expect(firstBreach(formedMesh, [...trace, later(5)])?.subject).toBe("not formed");
    expect(firstBreach(formedMesh, [...trace, later(13)])).toBeUndefined();
  });

  it("fails for a mesh that formed long after the last disturbance", () => {
    const again = [crashed("clusterd-1#1", 50), started("clusterd-1#2", 51), over(60)];
    const late = [formed("clusterd-0#1", "2.5", 151), formed("clusterd-1#2", "2.5", 151)];
    expect(firstBreach(formedMesh, [...begun, ...mesh, ...again, ...late])?.subject).toBe("late");
    const disturbed = [crashed("clusterd-1#2", 100), started("clusterd-1#3", 101), formed("clusterd-1#3", "2.5", 151)];
    expect(firstBreach(formedMesh, [...begun, ...mesh, ...again, ...disturbed, late[0]!])).toBeUndefined();
  });

  it("takes as long as the world says that it may", () => {
    const begins: Seen = ["mesh.due", { replica: "r1", within: 200_000_000 }, "", 0];
    const trace = [...begun, over(60), formed("clusterd-0#1", "2.5", 230), formed("clusterd-1#1", "2.5", 230)];
    expect(firstBreach(formedMesh, trace)?.subject).toBe("late");
    expect(firstBreach(formedMesh, [begins, ...trace])).toBeUndefined();
  });

  it("rejects a process that loses its mesh more often than there are others to lose, unless it is disturbed", () => {
    const life = (n: number): readonly Seen[] => [exited(`clusterd-0#${n}`), started(`clusterd-0#${n + 1}`)];
    const loop = [...life(1), ...life(2), ...life(3)];
    expect(firstBreach(formedMesh, [...begun, ...mesh, ...loop])?.subject).toBe("crash loop");
    const fault = [
      ["fault.injected", { fault: "net.reset" }] as const,
      ["fault.healed", { fault: "net.reset" }] as const,
    ];
    const healed = [
      ...begun,
      ...mesh,
      fault[0]!,
      ...loop,
      fault[1]!,
      ...life(4),
      ...life(5),
      formed("clusterd-0#6", "1.5"),
    ];
    expect(firstBreach(formedMesh, healed)).toBeUndefined();
  });

  const other = [started("clusterd-r2-0#1", 0), started("clusterd-r2-1#1", 0)];
  const otherMesh = [formed("clusterd-r2-0#1", "7.7", 1), formed("clusterd-r2-1#1", "7.7", 1)];
  const removed: Seen = ["orchestrator.removed", { service: "g1-r2", by: "env-1" }];
  const declared: Seen = ["orchestrator.declared", { service: "g1-r2", processes: 2, workers: 1, by: "env-1" }];

  it("asks for every replica, each by itself, until it was removed", () => {
    const both = [...begun, ...mesh, ...other, over(50)];
    expect(firstBreach(formedMesh, both)?.message).toMatch("clusterd-r2-0");
    expect(firstBreach(formedMesh, [...both, ...otherMesh])).toBeUndefined();
    expect(firstBreach(formedMesh, [...both, removed])).toBeUndefined();
    expect(firstBreach(formedMesh, [...both, removed, ...other])).toBeUndefined();
    expect(firstBreach(formedMesh, [...both, removed, declared, ...other])?.subject).toBe("not formed");
  });

  it("takes a process that dies of what it was told to do for a disturbance of its own replica alone", () => {
    const life = (host: string, n: number): readonly Seen[] => [exited(`${host}#${n}`), started(`${host}#${n + 1}`)];
    const poisoned: Seen = [
      "process.exited",
      { host: "clusterd-r2-1", process: "clusterd-r2-1#1", exit: "halt", reason: "poison" },
    ];
    const loop = (host: string): readonly Seen[] => [1, 2, 3, 4].flatMap((n) => [poisoned, ...life(host, n)]);
    const formsAgain = [...otherMesh, formed("clusterd-r2-0#5", "8.8"), started("clusterd-r2-1#2")];
    const ends = [...formsAgain, formed("clusterd-r2-1#2", "8.8")];
    const both = [...begun, ...mesh, ...other, ...otherMesh];
    expect(firstBreach(formedMesh, [...both, ...loop("clusterd-r2-0"), ...ends])).toBeUndefined();
    expect(firstBreach(formedMesh, [...both, ...loop("clusterd-0")])?.subject).toBe("crash loop");
  });
});
