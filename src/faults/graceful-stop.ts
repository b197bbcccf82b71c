import fc from "fast-check";
import { defineFault } from "./define-fault.ts";
import { anyHost } from "./target.ts";

export const gracefulStop = defineFault<{ host: string | number; graceMs: number }>({
  id: "process.graceful-stop",
  doc: "Every process of a host is asked to stop and killed after a grace period.",
  witness: "process.stopped",
  params: { host: anyHost, graceMs: fc.integer({ min: 1, max: 2_000 }) },
  lasts: { min: "1ms", max: "1ms" },
  inject: (world, { host, graceMs }) => {
    const target = world.resolve(host);
    if (target !== undefined) world.host(target).stop(`${graceMs}ms`);
  },
});
