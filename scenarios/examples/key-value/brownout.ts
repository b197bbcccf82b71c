/** A fault of one's own: what the tank brings along, put together to what hurts a log most. */
import { defineFault, fc } from "wavetank";

export const brownout = defineFault<{ host: string; isRestarted: boolean; ms: number }>({
  id: "process.brownout",
  doc: "A host's program is restarted or not, its disk crawls, and then the power goes.",
  witness: "process.crashed",
  params: { host: fc.constantFrom("server"), isRestarted: fc.boolean(), ms: fc.integer({ min: 10, max: 200 }) },
  lasts: { min: "250ms", max: "1s" },
  inject: (world, { host, isRestarted, ms }) => {
    if (isRestarted) world.host(host).crash();
    const heal = world.host(host).disk.delay(`${ms}ms`);
    return () => {
      world.host(host).powerLoss();
      heal();
    };
  },
});
