/** S-CTL-2, S-MESH-3, S-FRO-4 and L-ERR-1: what replicas are told and do about it. */
import { describe, expect, it } from "vitest";
import { honouredDrops } from "../../../src/invariants/control/honoured-drops.ts";
import { installedOrder } from "../../../src/invariants/control/installed-order.ts";
import { readableInputs } from "../../../src/invariants/control/readable-inputs.ts";
import { staleMessages } from "../../../src/invariants/control/stale-messages.ts";
import { catalogHistory, firstBreach, type Seen } from "../../support/hand-trace.ts";
import { connected, ended, environment, item, mentioned, reconciled, rendered } from "./traces.ts";

describe("S-CTL-2", () => {
  const exit = (reason: string, exit = "halt"): Seen => [
    "process.exited",
    { host: "clusterd-0", process: "clusterd-0#1", exit, reason },
    "clusterd-0#1",
  ];

  it("accepts other ends", () => {
    expect(firstBreach(staleMessages, [exit("mesh-lost"), exit("poison"), exit("stopped", "exit")])).toBeUndefined();
  });

  it("rejects an end over something that is not known any more", () => {
    expect(firstBreach(staleMessages, [exit("unknown-object")])).toMatchObject({ subject: "unknown-object" });
    expect(firstBreach(staleMessages, [exit("unknown-collection", "panic")])).toBeDefined();
  });
});

describe("S-MESH-3", () => {
  const installed = (index: number, number: number, id: string, epoch = "1.1"): Seen => [
    "dataflow.installed",
    { replica: "r1", index, epoch, number, id },
    `clusterd-${index}#1`,
  ];

  it("accepts that some are behind, and that another mesh begins anew", () => {
    const trace = [
      installed(0, 1, "u1"),
      installed(0, 2, "u2"),
      installed(1, 1, "u1"),
      installed(2, 1, "u1"),
      installed(2, 2, "u2"),
      installed(2, 3, "u3"),
      installed(0, 1, "u2", "2.1"),
      installed(0, 9, "u9", ""),
      installed(1, 8, "u8", ""),
    ];
    expect(firstBreach(installedOrder, trace)).toBeUndefined();
  });

  it("rejects another order, and one that leaves something out", () => {
    const order = [installed(0, 1, "u1"), installed(0, 2, "u2")];
    const left = [...order, installed(1, 2, "u2")];
    expect(firstBreach(installedOrder, left)).toMatchObject({ expected: "1 u1", observed: "2 u2" });
    const ahead = [installed(1, 1, "u1"), installed(1, 3, "u3"), ...order];
    expect(firstBreach(installedOrder, ahead)).toMatchObject({ expected: "3 u3", observed: "2 u2" });
  });
});

describe("S-FRO-4", () => {
  it("accepts a time at which all can be read", () => {
    expect(
      firstBreach(readableInputs, [
        rendered("u1", 5, [
          ["s", 5],
          ["t", 0],
        ]),
        rendered("u2", 0),
      ]),
    ).toBeUndefined();
  });

  it("rejects a time before a since", () => {
    const breach = firstBreach(readableInputs, [
      rendered("u1", 5, [
        ["s", 5],
        ["t", 6],
      ]),
    ]);
    expect(breach).toMatchObject({ subject: "u1", expected: { atLeast: 6 }, observed: 5 });
  });
});

describe("L-ERR-1", () => {
  const view = item("u1", "materialized-view");
  const dropped = (): readonly Seen[] => {
    const commit = catalogHistory();
    return [
      ["catalog.opened", { generation: 1, epoch: 1, previous: null }, environment],
      commit([], view, 5),
      connected("n1"),
      commit(view, [], 8),
      connected("n2"),
      ended("drop", 7),
    ];
  };
  const both = (nonce: string): readonly Seen[] => [mentioned(nonce, [["u1", 5]]), reconciled(nonce, { kept: ["u1"] })];

  it("accepts a mention under way when the answer came, by an older environment, and one of which nothing is known", () => {
    for (const nonce of ["n1", "n2", "n9"])
      expect(firstBreach(honouredDrops, [...dropped(), ...both(nonce)])).toBeUndefined();
    expect(firstBreach(honouredDrops, [...dropped(), connected("n3", 0), ...both("n3")])).toBeUndefined();
    expect(firstBreach(honouredDrops, [...dropped(), connected("n3"), reconciled("n3", {})])).toBeUndefined();
  });

  it("accepts the object again when the statement failed or another one was dropped", () => {
    const [opened, created, , gone] = dropped();
    const trace = [opened!, created!, gone!, ended("drop", 7, false), ended("drop", 6), connected("n3"), ...both("n3")];
    expect(firstBreach(honouredDrops, trace)).toBeUndefined();
  });

  it("rejects a mention by a connection that was made after the answer", () => {
    for (const epoch of [1, 2]) {
      const breach = firstBreach(honouredDrops, [...dropped(), connected("n3", epoch), ...both("n3")]);
      expect(breach).toMatchObject({ subject: "dropped object", observed: ["u1"] });
    }
  });
});
