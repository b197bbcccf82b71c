import { defineEngineBug } from "../define-engine-bug.ts";
import { endedAttempts, impatientForming } from "./protocols/impatient-forming.ts";

export const b37 = defineEngineBug({
  id: "B37",
  title: "a process whose peers are not there, or gone again, ends in place of waiting for them",
  source: "materialize #14301",
  breaks: "L-MESH-1",
  policies: ({ mesh }) => ({ mesh: { ...mesh, formingCore: impatientForming, attempts: endedAttempts } }),
});
