import { defineFault } from "./define-fault.ts";
import { anyHost } from "./target.ts";

export const phantomAccept = defineFault<{ host: string | number }>({
  id: "net.phantom-accept",
  doc: "A proxy accepts connections for a host and never answers.",
  witness: "net.phantom-accepted",
  params: { host: anyHost },
  inject: (world, { host }) => {
    const target = world.resolve(host);
    return target === undefined ? undefined : world.host(target).phantomAccept();
  },
});
