/** A world that is small and has a use for everything that a fault can take away: disk, clocks, network, processes. */
import type { Host } from "../../src/ports/host.ts";
import { outcome } from "../machine/tank.ts";

/** Serves port 1: every request reads the clocks and works on the disk. Takes the port as soon as it is free. */
export async function server(host: Host): Promise<void> {
  const handle = async (request: unknown): Promise<unknown> => {
    const time = host.clock.wall() + host.clock.monotonic();
    const written = await outcome(host.disk.append("log", `${time % 10}`));
    const replaced = await outcome(host.disk.write("last", request as number));
    return { written, replaced };
  };
  while (typeof (await outcome(host.listen(1, handle))) === "string") await host.sleep("100ms");
}

/** Calls the server every 50 ms, over a pooled connection and over one of its own by turns; tells what came of it. */
export async function client(host: Host, tell: (found: unknown) => void): Promise<void> {
  await host.sleep("100ms");
  for (let round = 0; ; round++) {
    if (round % 2 === 0) tell(await outcome(host.call("server:1", round, { timeout: "500ms" })));
    else tell(await outcome(askOnce(host, round)));
    await host.sleep("50ms");
  }
}

/** One request over a connection that is closed afterwards, whatever comes. */
async function askOnce(host: Host, request: number): Promise<unknown> {
  const connection = await host.connect("server:1", { timeout: "500ms" });
  void host.sleep("500ms").then(() => connection.close());
  connection.send({ id: 1, request });
  const reply: { value: unknown } | undefined = await connection.receive();
  connection.close();
  return reply?.value ?? "!closed";
}
