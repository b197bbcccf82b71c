import fc from "fast-check";
import type { AnswerLoss } from "../../ports/service-controls.ts";
import { defineFault } from "../define-fault.ts";
import { serviceControls } from "./controls.ts";

export const postgresLostAnswers = defineFault<{ oneIn: number; when: AnswerLoss }>({
  id: "postgres.lost-answers",
  doc: "Some sessions with Postgres break in the middle of a request or of its answer, or between the two.",
  witness: "postgres.answer-lost",
  params: { oneIn: fc.constantFrom(12, 6, 3), when: fc.constantFrom<AnswerLoss>("after", "middle", "before") },
  lasts: { min: "500ms", max: "10s" },
  inject: (world, { oneIn, when }) => serviceControls(world, "postgres")?.loseAnswers(oneIn, when),
});
