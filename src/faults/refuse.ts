import { defineFault } from "./define-fault.ts";
import { anyHost } from "./target.ts";

export const refuse = defineFault<{ host: string | number }>({
  id: "net.refuse",
  doc: "A host refuses new connections.",
  witness: "net.refused",
  params: { host: anyHost },
  inject: (world, { host }) => {
    const target = world.resolve(host);
    return target === undefined ? undefined : world.host(target).refuse();
  },
});
