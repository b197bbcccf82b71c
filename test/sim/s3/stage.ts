/** The simulated S3 in a machine room with one client, for tests that turn faults and look at witnesses. */
import { expect } from "vitest";
import type { Observation } from "../../../src/ports/events.ts";
import type { Host } from "../../../src/ports/host.ts";
import type { ObjectStore } from "../../../src/ports/object-store.ts";
import type { ObjectStoreControls } from "../../../src/ports/service-controls.ts";
import { objectStoreClient } from "../../../src/sim/s3/object-store-client.ts";
import { objectStoreControls } from "../../../src/sim/s3/object-store-controls.ts";
import { objectStoreProgram } from "../../../src/sim/s3/object-store-program.ts";
import { objectStoreServer, type ObjectStoreServer } from "../../../src/sim/s3/object-store-server.ts";
import { Tank } from "../../machine/tank.ts";

export interface Stage {
  readonly store: ObjectStore;
  readonly controls: ObjectStoreControls;
  readonly server: ObjectStoreServer;
  readonly tank: Tank;
  readonly host: Host;
}

/** Runs a client against a store; `choose` answers every choice of the store, 0 means that a fault strikes. */
export async function withStore(
  check: (stage: Stage) => Promise<void>,
  choose: (key: string, n: number) => number = () => 0,
): Promise<readonly Observation[]> {
  const tank = new Tank();
  const server = objectStoreServer({ choose });
  let isChecked = false;
  tank.start("s3", objectStoreProgram(server), { restart: "always", ambient: "ports" });
  tank.outsider("client", async (host) => {
    await host.sleep("1s");
    const store = objectStoreClient(host, "s3:9000");
    await check({ store, controls: objectStoreControls(server), server, tank, host });
    isChecked = true;
  });
  await tank.run("5m");
  expect(isChecked).toBe(true);
  return tank.seen.filter(({ kind }) => kind.startsWith("s3."));
}
