import { defineEngineBug } from "../define-engine-bug.ts";
import { unansweredForming } from "./protocols/unanswered-forming.ts";

export const b38 = defineEngineBug({
  id: "B38",
  title: "a connection counts once it was dialed, though only a proxy may have accepted it",
  source: "materialize #12832",
  breaks: "L-MESH-1",
  policies: ({ mesh }) => ({ mesh: { ...mesh, formingCore: unansweredForming } }),
});
