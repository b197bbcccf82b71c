import fc from "fast-check";
import { micros } from "../../base/time.ts";
import { defineFault } from "../define-fault.ts";
import { serviceControls } from "./controls.ts";

export const orchestratorSlow = defineFault<{ ms: number }>({
  id: "orchestrator.slow",
  doc: "The orchestrator takes long before it does what it is asked for, often longer than anybody waits.",
  witness: "orchestrator.slowed",
  params: { ms: fc.integer({ min: 500, max: 8_000 }) },
  lasts: { min: "2s", max: "30s" },
  inject: (world, { ms }) => serviceControls(world, "orchestrator")?.slow(micros(ms * 1_000)),
});
