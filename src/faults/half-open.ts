import { defineFault } from "./define-fault.ts";
import { anyPair, eachLink, type Pair } from "./target.ts";

export const halfOpen = defineFault<Pair>({
  id: "net.half-open",
  doc: "The connections between two hosts lose their peer without a word.",
  witness: "net.half-open",
  params: { ...anyPair },
  inject: (world, { a, b }) => eachLink(world, a, b, "one", (link) => void link.halfOpen()),
});
