/** Services follow the catalog, and only the one who leads touches them. */
import { describe, expect, it } from "vitest";
import type { Orchestrator, ReplicaService } from "../../../../src/ports/orchestrator.ts";
import type { Replica } from "../../../../src/engine/catalog/clusters.ts";
import { Services } from "../../../../src/engine/coordinator/replicas/services.ts";
import { runBody } from "../../../support/bodies.ts";

const size = { processes: 1, workers: 1 };

function failure(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/** What an orchestrator with these services is asked in 30 s, while the catalog says `replicas`. */
async function asked(
  present: readonly string[],
  replicas: readonly string[],
  { isLeader = true, broken = "" }: { readonly isLeader?: boolean; readonly broken?: string } = {},
): Promise<readonly string[]> {
  const log = new Set<string>();
  const services = new Set(present);
  await runBody(async ({ world }) => {
    world.host("env").start(
      (host) => {
        const step = async (what: string, name: string, change: () => void): Promise<void> => {
          await host.sleep("1ms");
          log.add(`${what} ${name}`);
          if (name === broken) throw failure("conflict");
          change();
        };
        const orchestrator: Orchestrator = {
          ensure: ({ name }: ReplicaService) => step("ensure", name, () => services.add(name)),
          remove: (name) => step("remove", name, () => services.delete(name)),
          list: async () => [...services].map((name) => ({ name, ...size, states: [] })),
          controlAddress: (name) => `${name}:1`,
        };
        return void new Services({
          host,
          orchestrator,
          generation: 1,
          replicas: () => replicas.map((id): Replica => ({ id, name: id, cluster: "c1", size })),
          confirm: async () => {
            await host.sleep("1ms");
            if (!isLeader) throw failure("57P01");
          },
          onStates: () => undefined,
        });
      },
      { ambient: "ports" },
    );
    await world.sleep("30s");
  });
  return [...log];
}

describe("services", () => {
  it("what the catalog has is declared, what it does not know is removed", async () => {
    expect(await asked(["g1-r1", "g1-r2"], ["r1", "r3"])).toEqual(["ensure g1-r3", "remove g1-r2"]);
  });

  it("who was replaced neither declares what a successor dropped nor removes what it made", async () => {
    expect(await asked(["g1-r2"], ["r1"], { isLeader: false })).toEqual([]);
  });

  it("one that cannot be declared or removed holds up no other", async () => {
    const broken = "g1-r1";
    expect(await asked(["g1-r9"], ["r1", "r2"], { broken })).toEqual(["ensure g1-r1", "ensure g1-r2", "remove g1-r9"]);
  });
});
