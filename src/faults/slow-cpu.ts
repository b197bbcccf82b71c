import fc from "fast-check";
import { defineFault } from "./define-fault.ts";
import { anyHost } from "./target.ts";

export const slowCpu = defineFault<{ host: string | number; factor: number }>({
  id: "process.slow-cpu",
  doc: "Every dispatch of a host costs many times the CPU time.",
  witness: "cpu.slowed",
  params: { host: anyHost, factor: fc.integer({ min: 10, max: 2_000 }) },
  inject: (world, { host, factor }) => {
    const target = world.resolve(host);
    return target === undefined ? undefined : world.host(target).slowCpu(factor);
  },
});
