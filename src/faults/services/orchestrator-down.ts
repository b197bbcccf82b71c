import { defineFault } from "../define-fault.ts";
import { serviceControls } from "./controls.ts";

export const orchestratorDown = defineFault<Record<string, never>>({
  id: "orchestrator.down",
  doc: "The orchestrator is away: no replica can be declared or removed; those that run go on, and are started again.",
  witness: "process.crashed",
  params: {},
  lasts: { min: "500ms", max: "30s" },
  inject: (world) => {
    const host = serviceControls(world, "orchestrator")?.host;
    return host === undefined ? undefined : world.host(host).down();
  },
});
