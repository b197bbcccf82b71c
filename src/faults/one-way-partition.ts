import { defineFault } from "./define-fault.ts";
import { anyPair, eachLink, type Pair } from "./target.ts";

export const oneWayPartition = defineFault<Pair>({
  id: "net.one-way-partition",
  doc: "Nothing passes from one host to another; the way back works.",
  witness: "net.blocked",
  params: { ...anyPair },
  inject: (world, { a, b }) => eachLink(world, a, b, "one", (link) => link.block()),
});
