import { defineEngineBug } from "../define-engine-bug.ts";
import { answeredForming } from "./protocols/answered-forming.ts";

export const v1 = defineEngineBug({
  id: "MESH-V1",
  title: "who is dialed answers with a word, and no epoch tells one life of a process from the next",
  source: "materialize #12832",
  breaks: "L-MESH-1",
  policies: ({ mesh }) => ({ mesh: { ...mesh, formingCore: answeredForming } }),
});
