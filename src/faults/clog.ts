import { defineFault } from "./define-fault.ts";
import { anyPair, eachLink, type Pair } from "./target.ts";

export const clog = defineFault<Pair>({
  id: "net.clog",
  doc: "Messages from one host to another pile up and pass all at once.",
  witness: "net.clogged",
  params: { ...anyPair },
  inject: (world, { a, b }) => eachLink(world, a, b, "one", (link) => link.clog()),
});
