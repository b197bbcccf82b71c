import { describe, expect, it } from "vitest";
import type { FaultFactory } from "../../../src/faults/define-fault.ts";
import type { Host } from "../../../src/ports/host.ts";
import type { EnginePorts } from "../../../src/ports/engine-ports.ts";
import type { MeshPolicies } from "../../../src/engine/mesh/policies.ts";
import type { RunRecord } from "../../../src/runner/run/record.ts";
import { addressInUse } from "../../../src/faults/address-in-use.ts";
import { crash } from "../../../src/faults/crash.ts";
import { halfOpen } from "../../../src/faults/half-open.ts";
import { hostDown } from "../../../src/faults/host-down.ts";
import { formMesh } from "../../../src/engine/mesh/form-mesh.ts";
import { meshPolicies } from "../../../src/engine/mesh/policies.ts";
import { stockForming } from "../../../src/engine/mesh/forming-stock.ts";
import { runBody } from "../../support/bodies.ts";

interface Member {
  readonly process: string;
  readonly epoch: string;
  readonly heard: Map<number, number[]>;
}

interface Scene {
  readonly record: RunRecord;
  /** Who has formed and lives at the end, by host. */
  readonly members: Map<string, Member>;
  /** Formed meshes by epoch: the processes that formed it. */
  readonly epochs: Map<string, string[]>;
}

interface Setup {
  readonly size?: number;
  readonly policies?: MeshPolicies;
  readonly backoff?: "500ms" | "3s";
  readonly script?: (at: (seconds: number, fault: FaultFactory<any>, params: object, healAt?: number) => void) => void;
  readonly seed?: string;
  readonly until?: `${number}s`;
}

async function scene({ size = 3, policies = meshPolicies, backoff = "500ms", script, until = "60s" }: Setup = {}) {
  const addresses = Array.from({ length: size }, (_, index) => ({ host: `clusterd-${index}`, port: 2102 }));
  const made: Omit<Scene, "record"> = { members: new Map(), epochs: new Map() };
  const member = (index: number) => async (host: Host) => {
    const mesh = await formMesh({ host } as EnginePorts, { replica: "r1", index, addresses, policies });
    const heard = new Map<number, number[]>();
    made.members.set(host.name, { process: host.process, epoch: mesh.epoch, heard });
    made.epochs.set(mesh.epoch, [...(made.epochs.get(mesh.epoch) ?? []), host.process]);
    mesh.onMessage = (peer, message) => void heard.set(peer, [...(heard.get(peer) ?? []), message as number]);
    for (let count = 0; count < 5; count++) {
      for (let peer = 0; peer < size; peer++) if (peer !== index) mesh.send(peer, count);
      await host.sleep("20ms");
    }
  };
  const record = await runBody(async ({ world, faults }) => {
    for (const [index, { host }] of addresses.entries()) {
      world.host(host).start(member(index), { restart: "always", backoff, backoffMax: backoff, ambient: "ports" });
    }
    script?.((seconds, fault, params, healAt) => {
      let heal = (): void => undefined;
      world.at(`${seconds}s`, () => void (heal = faults.inject(fault, params as never)));
      if (healAt !== undefined) world.at(`${healAt}s`, () => heal());
    });
    await world.sleep(until);
    for (const { host } of addresses) {
      const alive = world.host(host).processes();
      if (made.members.has(host) && !alive.includes(made.members.get(host)!.process)) made.members.delete(host);
    }
  });
  expect(record.failure).toBeNull();
  return { ...made, record };
}

const everything = [0, 1, 2, 3, 4];

/** All members live, in one mesh, and heard all that the others said in it, in order. */
function expectWhole({ members, epochs }: Omit<Scene, "record">, size = 3): void {
  expect(members.size).toBe(size);
  expect(new Set([...members.values()].map(({ epoch }) => epoch)).size).toBe(1);
  for (const { heard } of members.values()) {
    expect([...heard.values()]).toEqual(Array.from({ length: size - 1 }, () => everything));
  }
  for (const processes of epochs.values()) {
    const names = processes.map((process) => process.replace(/#.*/, ""));
    expect(new Set(names).size).toBe(names.length);
  }
}

describe("a mesh", () => {
  for (const size of [1, 2, 3, 8]) {
    it(`of ${size} forms, and its links carry messages in order`, async () => {
      expectWhole(await scene({ size }), size);
    });
  }

  it("ends all of its members when one dies, and forms anew", async () => {
    const made = await scene({ script: (at) => at(10, crash, { host: "clusterd-1" }) });
    expectWhole(made);
    const living = [...made.members.values()].map(({ process }) => process);
    expect(living.toSorted()).toEqual(["clusterd-0#2", "clusterd-1#2", "clusterd-2#2"]);
  });

  it("comes back when members die one after the other while it forms (W1)", async () => {
    for (const first of [0, 1, 2]) {
      for (const second of [0, 1, 2]) {
        const made = await scene({
          backoff: "3s",
          script: (at) => {
            at(0.002, crash, { host: `clusterd-${first}` });
            at(5, crash, { host: `clusterd-${second}` });
            at(8.1, crash, { host: `clusterd-${first}` });
          },
        });
        expectWhole(made);
      }
    }
  });

  it("notices a peer that vanished without a word", async () => {
    const made = await scene({ script: (at) => at(10, halfOpen, { a: "clusterd-2", b: "clusterd-0" }) });
    expectWhole(made);
    expect(made.epochs.size).toBe(2);
  });

  it("waits for its port after a crash (W7)", async () => {
    const made = await scene({
      script: (at) => {
        at(9.9, addressInUse, { host: "clusterd-0" });
        at(10, crash, { host: "clusterd-0" });
      },
      until: "90s",
    });
    expect(made.record.verdict).toBe("passed");
    expect(made.members.size).toBeLessThan(3);
  });
});

describe("the stock protocol", () => {
  it("forms a mesh while nobody dies", async () => {
    expectWhole(await scene({ policies: { ...meshPolicies, formingCore: stockForming } }));
  });

  /** W1: 0 dies after 1 connected to it and before 2 came; from then on one dead socket always counts as live. */
  const w1: NonNullable<Setup["script"]> = (at) => {
    at(1, hostDown, { host: "clusterd-2" }, 6);
    at(4.5, crash, { host: "clusterd-0" });
  };

  // Whether a round is the last depends on whose greeting is faster; the first mesh is formed before W1 begins.
  it("goes round and round after W1, each time counting a dead socket as a peer (B36)", async () => {
    const made = await scene({
      policies: { ...meshPolicies, formingCore: stockForming },
      backoff: "3s",
      until: "300s",
      script: w1,
    });
    const formed = made.epochs.get("") ?? [];
    expect(formed.length).toBeGreaterThanOrEqual(9);
  });

  it("is not needed: the protocol in force comes back from W1", async () => {
    const made = await scene({ backoff: "3s", script: w1 });
    expectWhole(made);
    expect([...made.members.values()].map(({ process }) => process).toSorted()).toEqual([
      "clusterd-0#3",
      "clusterd-1#2",
      "clusterd-2#2",
    ]);
  });
});
