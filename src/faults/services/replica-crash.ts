import fc from "fast-check";
import { defineFault } from "../define-fault.ts";

export const replicaCrash = defineFault<{ prefix: string }>({
  id: "replica.crash",
  doc: "All processes of a replica die at once.",
  witness: "process.crashed",
  params: { prefix: fc.constant("clusterd") },
  lasts: { min: "1ms", max: "1ms" },
  inject: (world, { prefix }) => {
    for (const host of world.hosts()) if (host.startsWith(prefix)) world.host(host).crash();
  },
});
