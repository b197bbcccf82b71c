import { defineEngineBug } from "./define-engine-bug.ts";

export const b27 = defineEngineBug({
  id: "B27",
  title: "a sink writes progress before the contents that it starts with are sent",
  source: "materialize #14926, #14754",
  breaks: "S-SINK-5",
  policies: ({ connectors }) => ({
    connectors: { ...connectors, mayCommit: (frontier, resume) => frontier === null || frontier > resume },
  }),
});
