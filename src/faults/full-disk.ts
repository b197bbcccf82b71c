import { defineFault } from "./define-fault.ts";
import { anyHost } from "./target.ts";

export const fullDisk = defineFault<{ host: string | number }>({
  id: "disk.full",
  doc: "Writes of a host fail for want of space.",
  witness: "disk.full",
  params: { host: anyHost },
  inject: (world, { host }) => {
    const target = world.resolve(host);
    return target === undefined ? undefined : world.host(target).disk.fill();
  },
});
