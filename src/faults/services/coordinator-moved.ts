import fc from "fast-check";
import { micros } from "../../base/time.ts";
import { defineFault } from "../define-fault.ts";
import { serviceControls } from "./controls.ts";

export const coordinatorMoved = defineFault<{ loadingMs: number }>({
  id: "kafka.coordinator-moved",
  doc: "All transactions get another coordinator, which first has to read their log.",
  witness: "kafka.coordinator-moved",
  params: { loadingMs: fc.integer({ min: 0, max: 5_000 }) },
  lasts: { min: "5s", max: "10s" },
  inject: (world, { loadingMs }) => serviceControls(world, "kafka")?.moveCoordinators(micros(loadingMs * 1_000)),
});
