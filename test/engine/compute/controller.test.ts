import { describe, expect, it } from "vitest";
import type { Connection, Host } from "../../../src/ports/host.ts";
import type { EnginePorts } from "../../../src/ports/engine-ports.ts";
import type {
  ClusterCommand,
  ClusterResponse,
  PeekOutcome,
  RenderedObject,
} from "../../../src/engine/compute/protocol.ts";
import type { ClusterController } from "../../../src/engine/coordinator/cluster.ts";
import { clusterController } from "../../../src/engine/compute/controller.ts";
import { crash } from "../../../src/faults/crash.ts";
import { runBody } from "../../support/bodies.ts";

const view = (incarnation: number): RenderedObject => ({
  kind: "materialized-view",
  id: "u1",
  incarnation,
  plan: { kind: "get", id: "u0" },
  sources: [],
  asOf: 0,
  shard: "shard-u1",
});
const peek = { uuid: "p1", plan: { kind: "get", id: "u1" }, sources: [], asOf: 7 } as const;
const owner = { generation: 1, epoch: 3 };

interface Scene {
  /** Commands by connection. */
  readonly heard: ClusterCommand[][];
  readonly frontiers: (readonly [string, number | null])[];
  readonly answers: PeekOutcome[];
  readonly fenced: unknown[];
}

interface Script {
  readonly act: (controller: ClusterController, host: Host, answers: PeekOutcome[]) => Promise<void>;
  /** What the replica says once it is told that the initialization is complete. */
  readonly reports?: readonly ClusterResponse[];
  /** It answers no pings. */
  readonly isMute?: boolean;
  readonly crashAt?: "10s";
}

/** A controller and a scripted replica, for a minute. */
async function scene({ act, reports = [], isMute = false, crashAt }: Script): Promise<Scene> {
  const made: Scene = { heard: [], frontiers: [], answers: [], fenced: [] };
  const replica = (host: Host) =>
    host.accept(2101, async (connection: Connection) => {
      const commands: ClusterCommand[] = [];
      made.heard.push(commands);
      for (;;) {
        const command = await connection.receive().catch(() => undefined);
        if (command === undefined) return;
        if (command.kind !== "ping") commands.push(command);
        else if (!isMute) connection.send({ kind: "pong" });
        if (command.kind !== "initialization-complete") continue;
        connection.send({ kind: "reconciled", nonce: "n", life: host.process });
        reports.forEach((report) => connection.send(report as never));
      }
    });
  const record = await runBody(async ({ world, faults }) => {
    world.host("clusterd-0").start(replica, { restart: "always" });
    world.host("env").start(async (host) => {
      const controller = clusterController([{ name: "r1", address: "clusterd-0:2101" }])({
        ports: { host } as EnginePorts,
        owner,
        listener: {
          onFrontier: (id, _incarnation, upper) => void made.frontiers.push([id, upper]),
          onStatus: () => undefined,
          onFenced: (by) => void made.fenced.push(by),
        },
      });
      await act(controller, host, made.answers);
    });
    if (crashAt !== undefined) world.at(crashAt, () => void faults.inject(crash, { host: "clusterd-0" }));
    await world.sleep("60s");
  });
  expect(record.failure).toBeNull();
  return made;
}

const kinds = (commands: readonly ClusterCommand[] = []) => commands.map(({ kind }) => kind);

describe("the controller of a cluster", () => {
  it("does not say that this is all before everything was mentioned, and asks nothing", async () => {
    const act = async (controller: ClusterController, host: Host) => {
      controller.create(view(1));
      void controller.peek(peek);
      await host.sleep("3s");
      controller.create(view(2));
    };
    expect((await scene({ act })).heard.map(kinds)).toEqual([["hello", "create", "create"]]);
  });

  it("replays its history to a replica that was restarted, under a nonce of its own", async () => {
    const { heard } = await scene({
      act: async (controller, host) => {
        controller.create(view(1));
        controller.initializationComplete();
        await host.sleep("5s");
        void controller.peek(peek);
        controller.create(view(2));
      },
      crashAt: "10s",
    });
    expect(heard.map(kinds)).toEqual([
      ["hello", "create", "initialization-complete", "peek", "create"],
      ["hello", "create", "initialization-complete", "peek"],
    ]);
    const nonces = heard.map(([hello]) => (hello as Extract<ClusterCommand, { kind: "hello" }>).nonce);
    expect(nonces[0]).not.toBe(nonces[1]);
    expect(heard[1]![1]).toEqual({ kind: "create", object: view(2) });
  });

  it("hands on the first answer to a peek, and none to one that was cancelled", async () => {
    const outcome = { ok: true, rows: [[[1], 2]] } as const;
    const { answers, heard } = await scene({
      act: async (controller, host, seen) => {
        const ask = (uuid: string) => void controller.peek({ ...peek, uuid }).then((answer) => seen.push(answer));
        ask("p1");
        ask("p2");
        controller.cancelPeek("p2");
        controller.initializationComplete();
        await host.sleep("5s");
        controller.cancelPeek("p1");
        controller.cancelPeek("p2");
      },
      reports: ["p1", "p2", "p1", "p9"].map((uuid) => ({ kind: "peek-answer", uuid, outcome })),
    });
    expect(answers).toEqual([outcome]);
    // Who answered need not be told to stop, nor who was not asked.
    expect(kinds(heard[0])).toEqual(["hello", "initialization-complete", "peek"]);
  });

  it("passes on frontiers that advance, of the present incarnation alone, and that a newer owner was there", async () => {
    const frontier = (id: string, incarnation: number, upper: number | null) =>
      ({ kind: "frontier", id, incarnation, upper }) as const;
    const { frontiers, fenced } = await scene({
      act: async (controller) => {
        controller.create(view(2));
        controller.initializationComplete();
      },
      reports: [
        frontier("u1", 1, 9),
        frontier("u1", 2, 5),
        frontier("u1", 2, 4),
        frontier("u2", 2, 8),
        frontier("u1", 2, 6),
        frontier("u1", 2, null),
        frontier("u1", 2, 11),
        { kind: "fenced", by: { generation: 2, epoch: 1 } },
      ],
    });
    expect(frontiers).toEqual([
      ["u1", 5],
      ["u1", 6],
      ["u1", null],
    ]);
    expect(fenced).toEqual([{ generation: 2, epoch: 1 }]);
  });

  it("gives up a connection on which no ping is answered, and keeps one on which they are", async () => {
    const act = async (controller: ClusterController) => controller.initializationComplete();
    expect((await scene({ act, isMute: true })).heard.length).toBeGreaterThan(3);
    expect((await scene({ act })).heard).toHaveLength(1);
  });
});
