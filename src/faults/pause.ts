import { defineFault } from "./define-fault.ts";
import { anyHost } from "./target.ts";

export const pause = defineFault<{ host: string | number }>({
  id: "process.pause",
  doc: "No process of a host runs for a while: a zombie that wakes up.",
  witness: "process.delayed",
  params: { host: anyHost },
  inject: (world, { host }) => {
    const target = world.resolve(host);
    return target === undefined ? undefined : world.host(target).pause();
  },
});
