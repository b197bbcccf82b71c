import fc from "fast-check";
import { defineFault } from "./define-fault.ts";
import { anyHost } from "./target.ts";

export const clockOffset = defineFault<{ host: string | number; byMs: number }>({
  id: "clock.offset",
  doc: "A host's wall clock jumps, and back when it is healed.",
  witness: "clock.skewed",
  params: { host: anyHost, byMs: fc.integer({ min: -60_000, max: 60_000 }) },
  inject: (world, { host, byMs }) => {
    const target = world.resolve(host);
    return target === undefined ? undefined : world.host(target).clock.offset(byMs * 1_000);
  },
});
