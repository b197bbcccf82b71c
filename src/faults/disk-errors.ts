import fc from "fast-check";
import { defineFault } from "./define-fault.ts";
import { anyHost } from "./target.ts";

export const diskErrors = defineFault<{ host: string | number; oneIn: number }>({
  id: "disk.errors",
  doc: "Some disk operations of a host fail, before or after their effect.",
  witness: "disk.failed",
  params: { host: anyHost, oneIn: fc.integer({ min: 1, max: 8 }) },
  inject: (world, { host, oneIn }) => {
    const target = world.resolve(host);
    return target === undefined ? undefined : world.host(target).disk.fail(oneIn);
  },
});
