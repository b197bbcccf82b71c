import fc from "fast-check";
import type { Heal } from "../../ports/controls.ts";
import { defineFault } from "../define-fault.ts";
import { serviceControls } from "./controls.ts";

export const pauseAfterWrite = defineFault<{ host: string; write: number }>({
  id: "process.pause-after-write",
  doc: "A host stands still right after one of its writes to consensus, before it hears of it, until healed.",
  witness: "process.delayed",
  params: { host: fc.constant("env-1"), write: fc.integer({ min: 1, max: 12 }) },
  lasts: { min: "2s", max: "15s" },
  inject: (world, { host, write }) => {
    let heal: Heal | undefined;
    const disarm = serviceControls(world, "writes")?.afterWrites(host, write, () => (heal = world.host(host).pause()));
    return () => {
      disarm?.();
      heal?.();
    };
  },
});
