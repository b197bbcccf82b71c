import fc from "fast-check";
import type { BrokerError } from "../../ports/service-controls.ts";
import { defineFault } from "../define-fault.ts";
import { serviceControls } from "./controls.ts";

const codes: readonly BrokerError[] = [
  "NOT_ENOUGH_REPLICAS",
  "NOT_ENOUGH_REPLICAS_AFTER_APPEND",
  "REQUEST_TIMED_OUT",
  "COORDINATOR_NOT_AVAILABLE",
  "KAFKA_STORAGE_ERROR",
];
const any = "any";

export const kafkaBrokerErrors = defineFault<{ code: BrokerError | typeof any; oneIn: number }>({
  id: "kafka.broker-errors",
  doc: "Brokers under stress answer some requests with an error, before the effect or after it.",
  witness: "kafka.failed",
  params: { code: fc.constantFrom(any, any, any, ...codes), oneIn: fc.constantFrom(12, 6, 3, 1) },
  lasts: { min: "1s", max: "15s" },
  inject: (world, { code, oneIn }) => {
    const kafka = serviceControls(world, "kafka");
    const heals = (code === any ? codes : [code]).map((each) => kafka?.fail(each, oneIn));
    return () => {
      for (const heal of heals) heal?.();
    };
  },
});
