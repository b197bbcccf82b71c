/** The server: one process, one port, one store. It may be killed at any moment and is started again. */
import { NetError, type Host } from "wavetank";
import type { Policies } from "./policies.ts";
import { port, type Reply, type Request } from "./protocol.ts";
import { Store } from "./store.ts";

/** Serves until the process ends. Requests that come before the store has recovered wait. */
export async function serve(host: Host, policies: Policies): Promise<void> {
  const store = new Store(host, policies);
  const started: Promise<void> = policies.start({
    ownPort: () =>
      ownPort(host, async (request) => {
        await started;
        return store.handle(request);
      }),
    recover: () => store.recover(),
  });
  // The port is given back by dying, never before: it is what keeps a successor away from the log.
  host.onStop(async () => {
    await started;
    await store.finish();
    host.exit(0);
  });
  await started;
}

/** Listens, as soon as no predecessor does any more. */
async function ownPort(host: Host, answer: (request: Request) => Promise<Reply>): Promise<void> {
  for (;;) {
    try {
      await host.listen(port, answer);
      return;
    } catch (error) {
      if (!(error instanceof NetError) || error.code !== "EADDRINUSE") throw error;
    }
    host.emit("port.awaited", {});
    await host.sleep("50ms");
  }
}
