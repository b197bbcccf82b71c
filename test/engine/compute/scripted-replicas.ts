/** A controller in a world with replicas that follow a script: what they are told, and what the coordinator hears. */
import { expect } from "vitest";
import type { Connection, Host } from "../../../src/ports/host.ts";
import type { EnginePorts } from "../../../src/ports/engine-ports.ts";
import type { ClusterCommand, ClusterResponse } from "../../../src/engine/compute/protocol.ts";
import type { ClusterController, ClusterListener } from "../../../src/engine/coordinator/cluster.ts";
import type { BodyContext } from "../../../src/runner/body.ts";
import { clusterController } from "../../../src/engine/compute/controller.ts";
import { crash } from "../../../src/faults/crash.ts";
import { runBody } from "../../support/bodies.ts";

export interface ScriptedReplica {
  /** What it says to a command, besides pongs and that it has reconciled. */
  readonly answer?: (command: ClusterCommand) => readonly ClusterResponse[];
  /** A command on which its process ends. */
  readonly diesOf?: ClusterCommand["kind"];
}

export interface ClusterScene {
  readonly controller: ClusterController;
  readonly host: Host;
  readonly sleep: (seconds: number) => Promise<void>;
  /** Kills the process of a replica. */
  readonly crash: (name: string) => void;
}

export interface ClusterStory {
  /** Commands by connection, pings and hellos left out, as `kind id`: by replica. */
  readonly told: Readonly<Record<string, readonly (readonly string[])[]>>;
  /** What the listener heard, one line each. */
  readonly heard: readonly string[];
}

/** Runs a script for a minute. Replica `a` is at host `a`; none is added before the script does. */
export async function clusterStory(
  replicas: Readonly<Record<string, ScriptedReplica>>,
  act: (scene: ClusterScene) => Promise<void>,
): Promise<ClusterStory> {
  const told: Record<string, string[][]> = {};
  const heard: string[] = [];
  const record = await runBody(async ({ world, faults }) => {
    for (const [name, script] of Object.entries(replicas)) {
      const connections: string[][] = (told[name] = []);
      world.host(name).start((host) => scripted(host, script, connections), { restart: "always" });
    }
    world.host("env").start(async (host) => {
      const controller = clusterController()({
        ports: { host } as EnginePorts,
        owner: { generation: 1, epoch: 1 },
        listener: recording(heard),
        cluster: "c1",
      });
      const sleep = (seconds: number): Promise<void> => host.sleep(`${seconds}s`);
      await act({ controller, host, sleep, crash: (name) => killed(faults, name) });
    });
    await world.sleep("60s");
  });
  expect(record.failure).toBeNull();
  return { told, heard };
}

function killed(faults: BodyContext["faults"], host: string): void {
  faults.inject(crash, { host });
}

function recording(heard: string[]): ClusterListener {
  return {
    onFrontier: (id, _incarnation, upper) => void heard.push(`frontier ${id} ${upper}`),
    onReplicaFrontier: (name, id, _incarnation, upper) => void heard.push(`${name} ${id} ${upper}`),
    onReplica: (name, state, reason) => void heard.push(`${name} ${state}: ${reason}`),
    onStatus: ({ id, status }) => void heard.push(`status ${id} ${status}`),
    onFenced: () => void heard.push("fenced"),
  };
}

function scripted(host: Host, { answer, diesOf }: ScriptedReplica, connections: string[][]): Promise<unknown> {
  return host.accept(2101, async (connection: Connection) => {
    const commands: string[] = [];
    connections.push(commands);
    for (;;) {
      const command: ClusterCommand | undefined = await connection.receive().catch(() => undefined);
      if (command === undefined) return;
      if (command.kind === "ping") connection.send({ kind: "pong" });
      else if (command.kind !== "hello") commands.push(text(command));
      if (command.kind === diesOf) host.exit(134, "poison");
      if (command.kind === "initialization-complete") {
        connection.send({ kind: "reconciled", nonce: "n", life: host.process });
      }
      for (const response of answer?.(command) ?? []) connection.send(response as never);
    }
  });
}

function text(command: Exclude<ClusterCommand, { kind: "hello" | "ping" }>): string {
  switch (command.kind) {
    case "create":
      return `create ${command.object.id}`;
    case "drop":
      return `drop ${command.id}`;
    case "peek":
      return `peek ${command.peek.uuid}`;
    case "cancel-peek":
      return `cancel ${command.uuid}`;
    case "initialization-complete":
      return "complete";
  }
}
