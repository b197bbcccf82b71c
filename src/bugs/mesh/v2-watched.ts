import { defineEngineBug } from "../define-engine-bug.ts";
import { watchedForming } from "./protocols/watched-forming.ts";

export const v2 = defineEngineBug({
  id: "MESH-V2",
  title: "links are watched while others form, and dead ones dialed again: what half-open ones hide stays in the mesh",
  source: "materialize src/compute/src/communication.rs, 2022",
  breaks: "S-MESH-1",
  policies: ({ mesh }) => ({ mesh: { ...mesh, formingCore: watchedForming } }),
});
