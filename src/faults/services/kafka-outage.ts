import type { Heal } from "../../ports/controls.ts";
import { defineFault } from "../define-fault.ts";
import { serviceControls } from "./controls.ts";

export const kafkaOutage = defineFault<Record<string, never>>({
  id: "kafka.outage",
  doc: "All brokers are down at once.",
  witness: "process.crashed",
  params: {},
  lasts: { min: "1s", max: "80s" },
  inject: (world) => {
    const heals = (serviceControls(world, "kafka")?.brokers ?? []).map((host): Heal => world.host(host).down());
    return () => heals.forEach((heal) => heal());
  },
});
