import fc from "fast-check";
import { defineFault } from "./define-fault.ts";
import { anyPair, eachLink, type Pair } from "./target.ts";

export const connectionLoss = defineFault<Pair & { oneIn: number }>({
  id: "net.connection-loss",
  doc: "Some messages between two hosts cost their connection.",
  witness: "net.reset",
  params: { ...anyPair, oneIn: fc.integer({ min: 1, max: 20 }) },
  inject: (world, { a, b, oneIn }) => eachLink(world, a, b, "both", (link) => link.breakSome(oneIn)),
});
