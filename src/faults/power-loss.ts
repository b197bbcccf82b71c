import { defineFault } from "./define-fault.ts";
import { anyHost } from "./target.ts";

export const powerLoss = defineFault<{ host: string | number }>({
  id: "process.power-loss",
  doc: "A host loses power: its processes die silently, and what was not synced is lost or torn.",
  witness: "process.crashed",
  params: { host: anyHost },
  lasts: { min: "1ms", max: "1ms" },
  inject: (world, { host }) => {
    const target = world.resolve(host);
    if (target !== undefined) world.host(target).powerLoss();
  },
});
