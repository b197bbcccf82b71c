import { defineEngineBug } from "./define-engine-bug.ts";

export const b30 = defineEngineBug({
  id: "B30",
  title: "a sink looks for its progress up to the last stable offset, which another sink's transaction holds back",
  source: "materialize #18628, #23286",
  breaks: "S-SINK-3",
  policies: ({ connectors }) => ({
    connectors: { ...connectors, scanBound: ({ lastStableOffset }) => lastStableOffset },
  }),
});
