import { defineFault } from "./define-fault.ts";
import { anyPair, eachLink, type Pair } from "./target.ts";

export const reset = defineFault<Pair>({
  id: "net.reset",
  doc: "The connections between two hosts are reset.",
  witness: "net.reset",
  params: { ...anyPair },
  lasts: { min: "1ms", max: "1ms" },
  inject: (world, { a, b }) => eachLink(world, a, b, "one", (link) => void link.reset()),
});
