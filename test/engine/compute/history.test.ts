import { describe, expect, it } from "vitest";
import fc from "fast-check";
import type { ClusterCommand, RenderedObject } from "../../../src/engine/compute/protocol.ts";
import { emptyHistory, nextHistory, replay } from "../../../src/engine/compute/history.ts";

const object = (id: string, incarnation: number): RenderedObject => ({
  kind: "materialized-view",
  id,
  incarnation,
  plan: { kind: "get", id: "u1" },
  sources: [],
  asOf: 0,
  shard: `shard-${id}`,
});
const peek = (uuid: string) => ({ uuid, plan: { kind: "get", id: "u1" }, sources: [], asOf: 0 }) as const;
const id = fc.constantFrom("u1", "u2", "u3");
const command: fc.Arbitrary<ClusterCommand> = fc.oneof(
  fc.record({ kind: fc.constant("create" as const), object: fc.tuple(id, fc.nat(3)).map(([of, n]) => object(of, n)) }),
  fc.record({ kind: fc.constant("drop" as const), id }),
  fc.record({ kind: fc.constant("peek" as const), peek: id.map(peek) }),
  fc.record({ kind: fc.constant("cancel-peek" as const), uuid: id }),
  fc.constant({ kind: "ping" as const }),
);

/** What a replica that heard everything from the start would run. */
function heard(commands: readonly ClusterCommand[]) {
  const objects = new Map<string, RenderedObject>();
  const peeks = new Set<string>();
  for (const each of commands) {
    if (each.kind === "create") objects.set(each.object.id, each.object);
    if (each.kind === "drop") objects.delete(each.id);
    if (each.kind === "peek") peeks.add(each.peek.uuid);
    if (each.kind === "cancel-peek") peeks.delete(each.uuid);
  }
  return { objects, peeks };
}

describe("the history of commands", () => {
  it("replayed leaves a replica where hearing everything would, and says nothing twice", () => {
    fc.assert(
      fc.property(fc.array(command), (commands) => {
        const history = [...commands, { kind: "initialization-complete" } as const].reduce(nextHistory, emptyHistory);
        const replayed = replay(history);
        const after = heard(replayed);
        const expected = heard(commands);
        expect(after.objects).toEqual(expected.objects);
        expect(after.peeks).toEqual(expected.peeks);
        expect(replayed).toHaveLength(expected.objects.size + expected.peeks.size + 1);
      }),
    );
  });

  it("tells all objects before the initialization is complete, and nothing before the coordinator said so", () => {
    const started = nextHistory(emptyHistory, { kind: "create", object: object("u1", 1) });
    expect(replay(started)).toEqual([]);
    const complete = nextHistory(started, { kind: "initialization-complete" });
    const peeking = nextHistory(complete, { kind: "peek", peek: peek("p1") });
    expect(replay(peeking).map(({ kind }) => kind)).toEqual(["create", "initialization-complete", "peek"]);
  });

  it("keeps the newest description of an object, where it was first mentioned", () => {
    const history = [object("u1", 1), object("u2", 1), object("u1", 2)].reduce(
      (state, each) => nextHistory(state, { kind: "create", object: each }),
      emptyHistory,
    );
    expect([...history.objects.values()].map((each) => [each.id, each.incarnation])).toEqual([
      ["u1", 2],
      ["u2", 1],
    ]);
  });
});
