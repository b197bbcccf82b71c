import { describe, expect, it } from "vitest";
import { view } from "./objects.ts";
import { row, withReplica, type ReplicaWorld } from "./replica-world.ts";

/** A view of one row that is up to date, and is so again after something happened to the replica. */
async function survives(scene: ReplicaWorld, happen: () => void): Promise<void> {
  const create = { kind: "create", object: view("u2", { shard: "v" }) } as const;
  await scene.append("s1", [row([7], 3)], 20);
  await scene.controller(1, create, { kind: "initialization-complete" });
  await scene.written("v", 20);
  happen();
  await scene.world.sleep("3s");
  await scene.append("s1", [row([8], 25)], 30);
  await scene.controller(1, create, { kind: "initialization-complete" });
  await scene.written("v", 30);
  expect(scene.contents("v", 29)).toEqual(["[7]", "[8]"]);
}

describe("the processes of a replica", () => {
  it("end all when one dies, and begin anew together", async () => {
    const { seen } = await withReplica((scene) => survives(scene, () => scene.crash("c2")));
    const exits = seen("process.exited");
    expect(exits).toHaveLength(2);
    for (const exit of exits) expect(exit).toContain('"reason":"mesh-lost"');
    expect(seen("mesh.worked")).toHaveLength(6);
  });

  it("stop at once when they are asked to", async () => {
    const { seen } = await withReplica((scene) => survives(scene, () => scene.stop("c0")));
    const exits = seen("process.exited");
    expect(exits.filter((exit) => exit.includes('"reason":"stopped"'))).toHaveLength(1);
    expect(exits.filter((exit) => exit.includes('"reason":"mesh-lost"'))).toHaveLength(2);
  });
});
