import { stockForming } from "../engine/mesh/forming-stock.ts";
import { defineEngineBug } from "./define-engine-bug.ts";

export const b36 = defineEngineBug({
  id: "B36",
  title: "the mesh is formed as stock timely does: no epochs, no answer to a greeting, links unwatched while forming",
  source: "materialize #12800",
  breaks: "L-MESH-1",
  policies: ({ mesh }) => ({ mesh: { ...mesh, formingCore: stockForming } }),
});
