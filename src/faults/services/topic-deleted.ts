import fc from "fast-check";
import { defineFault } from "../define-fault.ts";
import { serviceControls } from "./controls.ts";

export const topicDeleted = defineFault<{ topic: string | number }>({
  id: "kafka.topic-deleted",
  doc: "An administrator deletes a topic; nobody makes it again.",
  witness: "kafka.topic-gone",
  recoverable: false,
  params: { topic: fc.nat(9) },
  // To the end of every run: clients may take long to look for it.
  lasts: { min: "1h", max: "1h" },
  inject: (world, { topic }) => {
    const kafka = serviceControls(world, "kafka");
    const topics = kafka?.topics() ?? [];
    const name = typeof topic === "string" ? topic : topics[topic % Math.max(1, topics.length)];
    if (name !== undefined) kafka?.deleteTopic(name);
  },
});
