import fc from "fast-check";
import { defineFault } from "../define-fault.ts";
import { brokerAt, serviceControls } from "./controls.ts";

export const leaderMoved = defineFault<{ broker: number }>({
  id: "kafka.leader-moved",
  doc: "All partitions that one broker leads get another leader.",
  witness: "kafka.leader-moved",
  params: { broker: fc.nat(9) },
  lasts: { min: "2s", max: "3s" },
  inject: (world, { broker }) => {
    const host = brokerAt(world, broker);
    if (host !== undefined) serviceControls(world, "kafka")?.moveLeaders(host);
  },
});
