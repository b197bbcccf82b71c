import fc from "fast-check";
import type { AnswerLoss } from "../../ports/service-controls.ts";
import { defineFault } from "../define-fault.ts";
import { serviceControls } from "./controls.ts";

export const objectStoreLostAnswers = defineFault<{ oneIn: number; when: AnswerLoss }>({
  id: "s3.lost-answers",
  doc: "Some connections with the object store break in the middle of a request or of its answer, or between the two.",
  witness: "s3.answer-lost",
  params: { oneIn: fc.constantFrom(6, 3, 1), when: fc.constantFrom<AnswerLoss>("after", "middle", "before") },
  lasts: { min: "500ms", max: "10s" },
  inject: (world, { oneIn, when }) => serviceControls(world, "object-store")?.loseAnswers(oneIn, when),
});
