import fc from "fast-check";
import { defineFault } from "../define-fault.ts";
import { serviceAt, serviceControls } from "./controls.ts";

export const replicaCrashLoop = defineFault<{ service: string | number }>({
  id: "replica.crash-loop",
  doc: "The processes of one replica die, and die again soon after each start, as for want of memory.",
  witness: "replica.failed",
  params: { service: fc.nat(9) },
  lasts: { min: "5s", max: "40s" },
  inject: (world, { service }) => {
    const target = serviceAt(world, service);
    if (target === undefined) return undefined;
    const heal = serviceControls(world, "orchestrator")?.failStarts(target.name);
    for (const host of target.hosts) world.host(host).crash();
    return heal;
  },
});
