import fc from "fast-check";
import { defineFault } from "../define-fault.ts";
import { serviceControls } from "./controls.ts";

export const crashAfterWrite = defineFault<{ host: string; write: number }>({
  id: "process.crash-after-write",
  doc: "Every process of a host dies right after one of its writes to consensus, before it hears of it.",
  witness: "process.crashed",
  params: { host: fc.constant("env-1"), write: fc.integer({ min: 1, max: 12 }) },
  lasts: { min: "2s", max: "15s" },
  inject: (world, { host, write }) =>
    serviceControls(world, "writes")?.afterWrites(host, write, () => void world.host(host).crash()),
});
