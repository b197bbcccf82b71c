import fc from "fast-check";
import { defineFault } from "../define-fault.ts";
import { serviceControls } from "./controls.ts";

export const postgresLostAnswers = defineFault<{ oneIn: number }>({
  id: "postgres.lost-answers",
  doc: "Some answers of Postgres are lost after the effect, and the session with them.",
  witness: "postgres.answer-lost",
  params: { oneIn: fc.constantFrom(12, 6, 3) },
  lasts: { min: "500ms", max: "10s" },
  inject: (world, { oneIn }) => serviceControls(world, "postgres")?.loseAnswers(oneIn),
});
