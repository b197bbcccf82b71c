import fc from "fast-check";
import { defineFault } from "../define-fault.ts";
import { serviceAt } from "./controls.ts";

export const replicaCrash = defineFault<{ prefix: string | number }>({
  id: "replica.crash",
  doc: "All processes of a replica die at once.",
  witness: "process.crashed",
  // Which: a service like g1-r2, the service at a place, or all hosts whose names begin so.
  params: { prefix: fc.constant("clusterd") },
  lasts: { min: "1ms", max: "1ms" },
  inject: (world, { prefix }) => {
    const hosts = serviceAt(world, prefix)?.hosts ?? world.hosts().filter((host) => host.startsWith(String(prefix)));
    for (const host of hosts) world.host(host).crash();
  },
});
