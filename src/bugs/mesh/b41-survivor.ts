import { defineEngineBug } from "../define-engine-bug.ts";

export const b41 = defineEngineBug({
  id: "B41",
  title: "the runtime of a process that lost a peer goes on alone: no fate is shared across runtimes",
  source: "materialize #19279",
  breaks: "S-MESH-2",
  policies: ({ mesh }) => ({ mesh: { ...mesh, loseMember: () => undefined } }),
});
