import fc from "fast-check";
import { defineFault } from "../define-fault.ts";
import { brokerAt } from "./controls.ts";

export const brokerDown = defineFault<{ broker: number }>({
  id: "kafka.broker-down",
  doc: "One broker dies and stays away for a while; what it led moves to the others.",
  witness: "process.crashed",
  params: { broker: fc.nat(9) },
  lasts: { min: "500ms", max: "20s" },
  inject: (world, { broker }) => {
    const host = brokerAt(world, broker);
    return host === undefined ? undefined : world.host(host).down();
  },
});
