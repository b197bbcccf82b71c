import fc from "fast-check";
import { defineFault } from "./define-fault.ts";
import { anyPair, eachLink, type Pair } from "./target.ts";

export const latency = defineFault<Pair & { ms: number }>({
  id: "net.latency",
  doc: "Messages between two hosts take longer.",
  witness: "net.delayed",
  params: { ...anyPair, ms: fc.integer({ min: 5, max: 2_000 }) },
  inject: (world, { a, b, ms }) => eachLink(world, a, b, "both", (link) => link.delay(`${ms}ms`)),
});
