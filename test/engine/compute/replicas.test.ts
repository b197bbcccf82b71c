import { describe, expect, it } from "vitest";
import type { ClusterCommand, ClusterResponse, PeekOutcome } from "../../../src/engine/compute/protocol.ts";
import type { ClusterScene, ScriptedReplica } from "./scripted-replicas.ts";
import { clusterStory } from "./scripted-replicas.ts";
import { ingestion, peek, view } from "./worker/objects.ts";

const address = (name: string) => ({ name, address: `${name}:2101` });
const rows: PeekOutcome = { ok: true, rows: [[[1], 1]] };

/** Answers every query with these rows. */
const answering: ScriptedReplica = {
  answer: (command) =>
    command.kind === "peek" ? [{ kind: "peek-answer", uuid: command.peek.uuid, outcome: rows }] : [],
};
/** Says a frontier of `u1` when it has been told everything. */
const reporting = (upper: number): ScriptedReplica => ({
  answer: (command: ClusterCommand): readonly ClusterResponse[] =>
    command.kind === "initialization-complete" ? [{ kind: "frontier", id: "u1", incarnation: 1, upper }] : [],
});

describe("replicas of a cluster", () => {
  it("come and go at any time: each runs the views, the oldest one the sources as well", async () => {
    const { told, heard } = await clusterStory({ a: {}, b: {}, c: {} }, async ({ controller, sleep }) => {
      controller.addReplica(address("a"));
      controller.create(ingestion("s1"));
      controller.create(view("u1"));
      controller.addReplica(address("b"));
      controller.initializationComplete();
      await sleep(5);
      controller.addReplica(address("a"));
      controller.addReplica(address("c"));
      await sleep(5);
      controller.dropReplica("a");
      controller.dropReplica("a");
      controller.create(ingestion("s2"));
      await sleep(5);
      controller.drop("s2");
      controller.drop("u1");
    });
    expect(told).toEqual({
      a: [["create s1", "create u1", "complete", "drop s1", "drop u1"]],
      b: [["create u1", "complete", "create s1", "create s2", "drop s2", "drop u1"]],
      c: [["create u1", "complete", "drop u1"]],
    });
    const [first, second, ...rest] = heard;
    expect(new Set([first, second])).toEqual(new Set(["a online: connected", "b online: connected"]));
    expect(rest).toEqual(["c online: connected", "a offline: dropped"]);
  });

  it("hear of what moved to them while they were away when they come back, and in their order of age", async () => {
    const { told } = await clusterStory({ a: {}, b: {} }, async ({ controller, sleep, crash }) => {
      controller.create(ingestion("s1"));
      controller.initializationComplete();
      controller.addReplica(address("a"));
      controller.addReplica(address("b"));
      await sleep(5);
      crash("b");
      controller.dropReplica("a");
      await sleep(5);
      controller.addReplica(address("a"));
    });
    expect(told["b"]).toEqual([["complete"], ["create s1", "complete"]]);
    expect(told["a"]).toEqual([["create s1", "complete", "drop s1"], ["complete"]]);
  });

  it("are asked all, the first answer counts, and the others are told to stop", async () => {
    const answers: PeekOutcome[] = [];
    const { told } = await clusterStory({ a: {}, b: answering }, async ({ controller, sleep }) => {
      for (const name of ["a", "b"]) controller.addReplica(address(name));
      controller.initializationComplete();
      await sleep(5);
      answers.push(await controller.peek(peek("p")));
    });
    expect(answers).toEqual([rows]);
    expect(told["a"]).toEqual([["complete", "peek p", "cancel p"]]);
  });

  it("may all be gone: the history is kept, and queries wait for the next one", async () => {
    const answers: PeekOutcome[] = [];
    const { told } = await clusterStory({ a: answering }, async ({ controller, sleep }) => {
      controller.create(view("u1"));
      controller.initializationComplete();
      void controller.peek(peek("p")).then((answer) => answers.push(answer));
      await sleep(20);
      expect(answers).toEqual([]);
      controller.addReplica(address("a"));
    });
    expect(answers).toEqual([rows]);
    expect(told["a"]).toEqual([["create u1", "complete", "peek p"]]);
  });

  it("are each as far as they say, of their connection of now; the furthest counts for the object", async () => {
    const replicas = { a: reporting(7), b: reporting(5) };
    const { heard } = await clusterStory(replicas, async ({ controller, sleep, crash }: ClusterScene) => {
      controller.create(view("u1"));
      controller.initializationComplete();
      controller.addReplica(address("a"));
      await sleep(5);
      controller.addReplica(address("b"));
      await sleep(5);
      crash("a");
    });
    expect(heard).toEqual([
      "a online: connected",
      "a u1 7",
      "frontier u1 7",
      "b online: connected",
      "b u1 5",
      "a offline: lost",
      "a online: connected",
      "a u1 7",
    ]);
  });

  it("say once why they are away, and when they refuse this environment", async () => {
    const fencing: ScriptedReplica = {
      answer: ({ kind }) => (kind === "hello" ? [{ kind: "fenced", by: { generation: 2, epoch: 1 } }] : []),
    };
    const { heard } = await clusterStory({ a: fencing }, async ({ controller }) => {
      controller.addReplica(address("nowhere"));
      controller.addReplica({ name: "closed", address: "a:2199" });
      controller.addReplica(address("a"));
      controller.initializationComplete();
    });
    expect(heard.filter((line) => line.startsWith("nowhere"))).toEqual(["nowhere offline: timeout"]);
    expect(heard.filter((line) => line.startsWith("closed"))).toEqual(["closed offline: refused"]);
    expect(heard).toContain("fenced");
  });
});

describe("a query that ends the process which computes it", () => {
  it("ends a replica twice, and is then answered with an error", async () => {
    const answers: PeekOutcome[] = [];
    const { told } = await clusterStory({ a: { diesOf: "peek" } }, async ({ controller }) => {
      controller.addReplica(address("a"));
      controller.initializationComplete();
      answers.push(await controller.peek(peek("p")));
    });
    expect(answers).toMatchObject([{ ok: false, errors: [{ code: "57P02" }] }]);
    expect(told["a"]).toEqual([["complete", "peek p"], ["complete", "peek p"], ["complete"]]);
  });

  it("is answered by a replica that survives it, however often another dies", async () => {
    const answers: PeekOutcome[] = [];
    const replicas = { a: { diesOf: "peek" as const }, b: answering };
    await clusterStory(replicas, async ({ controller, sleep }) => {
      controller.addReplica(address("a"));
      controller.addReplica(address("nowhere"));
      controller.initializationComplete();
      void controller.peek(peek("p")).then((answer) => answers.push(answer));
      await sleep(20);
      expect(answers).toEqual([]);
      controller.addReplica(address("b"));
    });
    expect(answers).toEqual([rows]);
  });

  it("is hopeless as soon as the last replica that might have survived it is dropped", async () => {
    const answers: PeekOutcome[] = [];
    await clusterStory({ a: { diesOf: "peek" } }, async ({ controller, sleep }) => {
      controller.addReplica(address("a"));
      controller.addReplica(address("nowhere"));
      controller.initializationComplete();
      void controller.peek(peek("p")).then((answer) => answers.push(answer));
      await sleep(20);
      controller.dropReplica("nowhere");
    });
    expect(answers).toMatchObject([{ ok: false, errors: [{ code: "57P02" }] }]);
  });
});
