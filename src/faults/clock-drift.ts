import fc from "fast-check";
import { defineFault } from "./define-fault.ts";
import { anyHost } from "./target.ts";

export const clockDrift = defineFault<{ host: string | number; partsPerThousand: number }>({
  id: "clock.drift",
  doc: "A host's clocks run fast or slow.",
  witness: "clock.skewed",
  params: { host: anyHost, partsPerThousand: fc.integer({ min: -80, max: 80 }) },
  inject: (world, { host, partsPerThousand }) => {
    const target = world.resolve(host);
    return target === undefined ? undefined : world.host(target).clock.drift(partsPerThousand * 1_000);
  },
});
