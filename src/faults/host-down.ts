import { defineFault } from "./define-fault.ts";
import { anyHost } from "./target.ts";

export const hostDown = defineFault<{ host: string | number }>({
  id: "process.host-down",
  doc: "Every process of a host dies, and none is started again before the host is back.",
  witness: "process.crashed",
  params: { host: anyHost },
  lasts: { min: "500ms", max: "30s" },
  inject: (world, { host }) => {
    const target = world.resolve(host);
    return target === undefined ? undefined : world.host(target).down();
  },
});
