/** Taking a port that something which died here may still hold for a while. */
import type { Connection, Host } from "../../ports/host.ts";
import { meshTiming } from "./timing.ts";

/** Resolves once the process accepts connections on the port; ends it (`listen-failed`) when the port stays taken. */
export async function acceptPatiently(
  host: Host,
  port: number,
  onConnection: (connection: Connection) => unknown,
): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await host.accept(port, onConnection);
      return;
    } catch (error) {
      if ((error as { code?: unknown }).code !== "EADDRINUSE") throw error;
      if (tries === meshTiming.bindTries) host.exit(2, "listen-failed");
      await host.sleep(meshTiming.retryDelay);
    }
  }
}
