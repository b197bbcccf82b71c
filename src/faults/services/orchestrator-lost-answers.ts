import fc from "fast-check";
import type { AnswerLoss } from "../../ports/service-controls.ts";
import { defineFault } from "../define-fault.ts";
import { serviceControls } from "./controls.ts";

export const orchestratorLostAnswers = defineFault<{ oneIn: number; when: AnswerLoss }>({
  id: "orchestrator.lost-answers",
  doc: "Some answers of the orchestrator are lost, before what was asked for is done or after it.",
  witness: "orchestrator.answer-lost",
  params: { oneIn: fc.constantFrom(3, 2, 1), when: fc.constantFrom<AnswerLoss>("after", "before") },
  lasts: { min: "2s", max: "20s" },
  inject: (world, { oneIn, when }) => serviceControls(world, "orchestrator")?.loseAnswers(oneIn, when),
});
