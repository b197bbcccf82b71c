/** S-REC-1, S-REC-2 and S-REC-3: what replicas are told, what they make of it, and what they keep. */
import { describe, expect, it } from "vitest";
import { allOrNothing } from "../../../src/invariants/control/all-or-nothing.ts";
import { keptDataflows } from "../../../src/invariants/control/kept-dataflows.ts";
import { mentionedObjects } from "../../../src/invariants/control/mentioned-objects.ts";
import { catalogHistory, firstBreach } from "../../support/hand-trace.ts";
import { ended, item, mentioned, reconciled, rendered, token } from "./traces.ts";

describe("S-REC-1", () => {
  it("accepts what was said to its end, whatever comes of it", () => {
    const trace = [mentioned("n1", [["u1", 5]]), reconciled("n1", { created: ["u1"] }), mentioned("n2", [])];
    expect(firstBreach(allOrNothing, trace)).toBeUndefined();
  });

  it("rejects a replica that missed something", () => {
    const trace = [
      mentioned("n1", [
        ["u1", 5],
        ["u2", 6],
      ]),
      reconciled("n1", { kept: ["u1"], dropped: ["u2"] }),
    ];
    expect(firstBreach(allOrNothing, trace)).toMatchObject({ subject: "r1", observed: { dropped: ["u2"] } });
  });

  it("rejects a replica that goes by a connection which ended before", () => {
    const trace = [mentioned("n1", [["u1", 5]]), reconciled("n2", { dropped: ["u1"] })];
    expect(firstBreach(allOrNothing, trace)).toMatchObject({ subject: "r1", observed: { dropped: ["u1"] } });
  });
});

describe("S-REC-2", () => {
  const view = item("u2", "materialized-view");
  const source = item("u3", "source");
  const later = item("u4", "materialized-view", { createdAt: 9 });
  const elsewhere = item("u5", "materialized-view", { cluster: "c2" });

  it("accepts that sources are for the oldest, views of a cluster for its replicas, and what is under way may come", () => {
    const commit = catalogHistory();
    const trace = [
      commit([], [...view, ...source, ...elsewhere], 5),
      commit([], [token(1)], 6),
      mentioned("n1", [
        ["u2", 5],
        ["u3", null],
      ]),
      mentioned("n2", [["u2", 5]], { isOldest: false }),
      mentioned("n3", [["u5", 5]], { cluster: "c2", isOldest: false }),
      mentioned("n4", [], { cluster: null }),
      commit([], later, 10),
      mentioned("n5", [
        ["u2", 5],
        ["u3", null],
      ]),
      commit(view, [], 12),
      ended("create-materialized-view", 9),
      mentioned("n6", [
        ["u3", null],
        ["u4", 9],
      ]),
    ];
    expect(firstBreach(mentionedObjects, trace)).toBeUndefined();
  });

  it("rejects that something found in the catalog, or created and answered, was left out", () => {
    const found = catalogHistory();
    const forgotten = [
      found([], [...view, ...source], 5),
      found([], [token(1)], 6),
      mentioned("n1", [["u2", 5]], { cluster: null }),
    ];
    expect(firstBreach(mentionedObjects, forgotten)).toMatchObject({ subject: "source", expected: "u3" });
    const made = catalogHistory();
    const answered = [
      made([], [token(1)], 6),
      made([], later, 10),
      ended("create-materialized-view", 9),
      mentioned("n1", []),
    ];
    expect(firstBreach(mentionedObjects, answered)).toMatchObject({ expected: "u4" });
  });

  it("rejects a source that a younger replica was told to run", () => {
    const commit = catalogHistory();
    const trace = [
      commit([], [...view, ...source], 5),
      commit([], [token(1)], 6),
      mentioned(
        "n1",
        [
          ["u2", 5],
          ["u3", null],
        ],
        { isOldest: false },
      ),
    ];
    expect(firstBreach(mentionedObjects, trace)).toMatchObject({ subject: "source", observed: "u3" });
  });
});

describe("S-REC-3", () => {
  const first = [mentioned("n1", [["u1", 5]]), reconciled("n1", { created: ["u1"] }), rendered("u1", 5)];

  it("accepts that what runs is kept, and made anew when it is wanted from earlier on, was gone or fell behind", () => {
    const trace = [
      ...first,
      mentioned("n2", [["u1", 7]]),
      reconciled("n2", { kept: ["u1"] }),
      mentioned("n3", [["u1", 4]]),
      reconciled("n3", { dropped: ["u1"], created: ["u1"] }),
      rendered("u1", 4),
      ["dataflow.renewed", { replica: "r1", id: "u1", incarnation: 1 }, "clusterd-0#1"] as const,
      rendered("u1", 9),
      mentioned("n4", []),
      reconciled("n4", { dropped: ["u1"] }),
      mentioned("n5", [["u1", 9]]),
      reconciled("n5", { created: ["u1"] }),
      rendered("u1", 9),
    ];
    expect(firstBreach(keptDataflows, trace)).toBeUndefined();
  });

  it("accepts that another life renders what the last one had", () => {
    const [mention, , render] = first;
    const [kind, data] = render!;
    const trace = [...first, mention!, reconciled("n1", { created: ["u1"] }, "clusterd-0#2")];
    expect(firstBreach(keptDataflows, [...trace, [kind, data, "clusterd-0#2"]])).toBeUndefined();
  });

  it("rejects what runs without having been told", () => {
    const more = [mentioned("n1", [["u1", 5]]), reconciled("n1", { created: ["u1"], kept: ["u2"] })];
    expect(firstBreach(keptDataflows, more)).toMatchObject({ expected: ["u1"], observed: ["u2", "u1"] });
  });

  it("rejects that what runs is rendered again, replaced or not", () => {
    const again = [...first, mentioned("n2", [["u1", 7]]), reconciled("n2", { kept: ["u1"] }), rendered("u1", 8)];
    expect(firstBreach(keptDataflows, again)).toMatchObject({ subject: "u1" });
    const replaced = reconciled("n2", { dropped: ["u1"], created: ["u1"] });
    const anew = [...first, mentioned("n2", [["u1", 7]]), replaced, rendered("u1", 8)];
    expect(firstBreach(keptDataflows, anew)).toMatchObject({ subject: "u1", expected: { asOf: 5 } });
  });
});
