import fc from "fast-check";
import { micros } from "../../base/time.ts";
import { defineFault } from "../define-fault.ts";
import { brokerAt, serviceControls } from "./controls.ts";

export const brokerSlow = defineFault<{ broker: number; ms: number }>({
  id: "kafka.broker-slow",
  doc: "Every request to one broker takes longer.",
  witness: "kafka.slowed",
  params: { broker: fc.nat(9), ms: fc.integer({ min: 20, max: 4_000 }) },
  lasts: { min: "500ms", max: "15s" },
  inject: (world, { broker, ms }) => {
    const host = brokerAt(world, broker);
    return host === undefined ? undefined : serviceControls(world, "kafka")?.slow(host, micros(ms * 1_000));
  },
});
