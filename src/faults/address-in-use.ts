import { defineFault } from "./define-fault.ts";
import { anyHost } from "./target.ts";

export const addressInUse = defineFault<{ host: string | number }>({
  id: "net.address-in-use",
  doc: "A crash leaves a host's ports taken for a while.",
  witness: "net.address-in-use",
  params: { host: anyHost },
  inject: (world, { host }) => {
    const target = world.resolve(host);
    if (target === undefined) return undefined;
    const heal = world.host(target).holdPorts();
    world.host(target).crash();
    return heal;
  },
});
