import fc from "fast-check";
import { defineFault } from "../define-fault.ts";
import { serviceControls } from "./controls.ts";

export const objectStoreLostAnswers = defineFault<{ oneIn: number }>({
  id: "s3.lost-answers",
  doc: "Some answers of the object store are lost after the effect.",
  witness: "s3.answer-lost",
  params: { oneIn: fc.constantFrom(6, 3, 1) },
  lasts: { min: "500ms", max: "10s" },
  inject: (world, { oneIn }) => serviceControls(world, "object-store")?.loseAnswers(oneIn),
});
