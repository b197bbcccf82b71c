/** Runs a replica on its host, until the process ends. */
import { NetError, type Host } from "wavetank";
import { port } from "./messages.ts";
import { Replica, type ReplicaSettings } from "./replica.ts";
import { lasting, timing } from "./timing.ts";

/**
 * The port comes first: whoever has it owns the disk, and a predecessor that dies slowly has it still. What is read after
 * that is all that predecessors will ever have written.
 */
export async function serve(host: Host, settings: ReplicaSettings): Promise<void> {
  const replica = new Replica(host, settings);
  await ownPort(host, replica);
  await replica.recover();
  host.onStop(() => host.exit(0, "asked to stop"));
  for (;;) {
    await host.sleep(lasting(timing.tick + host.random(timing.tick)));
    replica.tick();
  }
}

async function ownPort(host: Host, replica: Replica): Promise<void> {
  for (;;) {
    try {
      await host.listen(port, (request, peer) => replica.handle(request, peer.host));
      return;
    } catch (error) {
      if (!(error instanceof NetError) || error.code !== "EADDRINUSE") throw error;
    }
    await host.sleep("50ms");
  }
}
