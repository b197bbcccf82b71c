import fc from "fast-check";
import { defineFault } from "./define-fault.ts";
import { anyHost } from "./target.ts";

export const slowDisk = defineFault<{ host: string | number; ms: number }>({
  id: "disk.slow",
  doc: "Every write of a host takes longer.",
  witness: "disk.write-delayed",
  params: { host: anyHost, ms: fc.integer({ min: 10, max: 500 }) },
  inject: (world, { host, ms }) => {
    const target = world.resolve(host);
    return target === undefined ? undefined : world.host(target).disk.delay(`${ms}ms`);
  },
});
