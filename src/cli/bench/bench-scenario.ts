/** The scenario that benchmarks of the whole tank run: requests, disk writes and timers of three servers, with faults. */
import fc from "fast-check";
import type { Host } from "../../ports/host.ts";
import { crash } from "../../faults/crash.ts";
import { latency } from "../../faults/latency.ts";
import { partition } from "../../faults/partition.ts";
import { defineScenario } from "../../scenario/define-scenario.ts";

async function counter(host: Host): Promise<void> {
  let count = (await host.disk.read<number>("count")) ?? 0;
  setInterval(() => host.emit("bench.beat", { count }), 500);
  await host.listen(7000, async () => {
    await host.disk.write("count", ++count);
    return count;
  });
}

export const bench = defineScenario({
  name: "bench",
  doc: "Three servers that count requests durably.",
  duration: "60s",
  ops: { count: fc.nat(2) },
  opsCount: 200,
  sessions: 4,
  faults: [crash(), latency(), partition()],
  body: async ({ world, run }) => {
    for (const name of ["a", "b", "c"]) world.host(name).start(counter, { restart: "always" });
    const client = world.host("client");
    await run({ count: (server: number) => client.call(`${"abc"[server]}:7000`, {}, { timeout: "1s" }) });
    await world.heal({ within: "30s" });
  },
});
