import { defineFault } from "./define-fault.ts";
import { anyHost } from "./target.ts";

export const crash = defineFault<{ host: string | number }>({
  id: "process.crash",
  doc: "Every process of a host dies between two events; its disk keeps all that was written.",
  witness: "process.crashed",
  params: { host: anyHost },
  lasts: { min: "1ms", max: "1ms" },
  inject: (world, { host }) => {
    const target = world.resolve(host);
    if (target !== undefined) world.host(target).crash();
  },
});
