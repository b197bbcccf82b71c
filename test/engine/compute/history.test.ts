import { describe, expect, it } from "vitest";
import fc from "fast-check";
import type { IngestionObject, MaterializedViewObject, RenderedObject } from "../../../src/engine/compute/protocol.ts";
import type { CommandHistory, HistoryEvent } from "../../../src/engine/compute/history.ts";
import { emptyHistory, nextHistory, objectsOf, replay } from "../../../src/engine/compute/history.ts";
import { clusterPolicies } from "../../../src/engine/compute/policies.ts";
import { ingestion, view } from "./worker/objects.ts";

const after = (events: readonly HistoryEvent[], from = emptyHistory): CommandHistory =>
  events.reduce((history, event) => nextHistory(history, event, clusterPolicies), from);
const create = (object: RenderedObject): HistoryEvent => ({ kind: "create", object });
const complete: HistoryEvent = { kind: "initialization-complete" };
const add = (name: string): HistoryEvent => ({ kind: "add-replica", name });
const kinds = (history: CommandHistory, replica: string): readonly string[] =>
  replay(history, replica, clusterPolicies).map((command) =>
    command.kind === "create" ? command.object.id : command.kind,
  );

const id = fc.constantFrom("u1", "u2", "u3");
const version = (of: string, incarnation: number): MaterializedViewObject => view(of, { incarnation });
const source = (of: string): IngestionObject => ingestion(`s${of}`);
const name = fc.constantFrom("a", "b", "c");
const event: fc.Arbitrary<HistoryEvent> = fc.oneof(
  fc.record({ kind: fc.constant("create" as const), object: fc.tuple(id, fc.nat(3)).map(([of, n]) => version(of, n)) }),
  fc.record({ kind: fc.constant("create" as const), object: id.map(source) }),
  fc.record({ kind: fc.constant("drop" as const), id: fc.oneof(id, fc.constant("su1")) }),
  fc.record({ kind: fc.constant("add-replica" as const), name }),
  fc.record({ kind: fc.constant("drop-replica" as const), name }),
);

/** What replicas that heard everything from the start would run, and which there are by age. */
function heard(events: readonly HistoryEvent[]) {
  const objects = new Map<string, RenderedObject>();
  let replicas: string[] = [];
  for (const each of events) {
    if (each.kind === "create") objects.set(each.object.id, each.object);
    if (each.kind === "drop") objects.delete(each.id);
    if (each.kind === "add-replica" || each.kind === "drop-replica") {
      replicas = replicas.filter((other) => other !== each.name);
    }
    if (each.kind === "add-replica") replicas.push(each.name);
  }
  return { objects, replicas };
}

describe("the history of commands", () => {
  it("replayed leaves every replica where hearing everything would, and says nothing twice", () => {
    fc.assert(
      fc.property(fc.array(event), (events) => {
        const history = after([...events, complete]);
        const { objects, replicas } = heard(events);
        expect(history.replicas).toEqual(replicas);
        for (const replica of replicas) {
          const wanted = [...objects.values()].filter(
            ({ kind }) => kind === "materialized-view" || replica === replicas[0],
          );
          expect(objectsOf(history, replica, clusterPolicies)).toEqual(wanted);
          const ids = wanted.map((object) => object.id);
          expect(kinds(history, replica)).toEqual([...ids, "initialization-complete"]);
        }
      }),
    );
  });

  it("says that these are all objects only once the coordinator did", () => {
    const started = after([add("a"), create(view("u1"))]);
    expect(kinds(started, "a")).toEqual(["u1"]);
    expect(kinds(after([complete], started), "a")).toEqual(["u1", "initialization-complete"]);
  });

  it("keeps the newest description of an object, where it was first mentioned", () => {
    const history = after([version("u1", 1), version("u2", 1), version("u1", 2)].map(create));
    expect([...history.objects.values()].map((each) => [each.id, each.incarnation])).toEqual([
      ["u1", 2],
      ["u2", 1],
    ]);
  });

  it("tells the oldest replica alone of sources, then the next one", () => {
    const both = after([create(ingestion("s1")), create(view("u2")), add("b"), add("a"), complete]);
    expect([kinds(both, "b"), kinds(both, "a")]).toEqual([
      ["s1", "u2", "initialization-complete"],
      ["u2", "initialization-complete"],
    ]);
    const one = after([{ kind: "drop-replica", name: "b" }], both);
    expect(kinds(one, "a")).toEqual(["s1", "u2", "initialization-complete"]);
  });
});
