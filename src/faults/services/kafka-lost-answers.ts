import fc from "fast-check";
import type { AnswerLoss, BrokerApi } from "../../ports/service-controls.ts";
import { defineFault } from "../define-fault.ts";
import { serviceControls } from "./controls.ts";

const any = "any";

export const kafkaLostAnswers = defineFault<{
  api: BrokerApi | typeof any;
  when: AnswerLoss | typeof any;
  oneIn: number;
}>({
  id: "kafka.lost-answers",
  doc: "Some answers of brokers are lost, before the effect, after it or in the middle of the answer, and the connection with them.",
  witness: "kafka.answer-lost",
  params: {
    api: fc.constantFrom(
      any,
      any,
      any,
      "produce",
      "endTxn",
      "initProducerId",
      "addPartitionsToTxn",
      "fetch",
      "metadata",
    ),
    when: fc.constantFrom(any, any, "before", "after", "middle"),
    oneIn: fc.constantFrom(12, 6, 3),
  },
  lasts: { min: "1s", max: "15s" },
  inject: (world, { api, when, oneIn }) =>
    serviceControls(world, "kafka")?.loseAnswers(oneIn, {
      ...(api === any ? {} : { api }),
      ...(when === any ? {} : { when }),
    }),
});
