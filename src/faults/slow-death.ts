import fc from "fast-check";
import { defineFault } from "./define-fault.ts";
import { anyHost } from "./target.ts";

export const slowDeath = defineFault<{ host: string | number; lingerMs: number }>({
  id: "process.slow-death",
  doc: "The successor is started while the old incarnation still acts.",
  witness: "process.lingered",
  params: { host: anyHost, lingerMs: fc.integer({ min: 1, max: 3_000 }) },
  lasts: { min: "1ms", max: "1ms" },
  inject: (world, { host, lingerMs }) => {
    const target = world.resolve(host);
    if (target !== undefined) world.host(target).slowDeath(`${lingerMs}ms`);
  },
});
