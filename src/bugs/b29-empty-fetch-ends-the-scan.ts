import { defineEngineBug } from "./define-engine-bug.ts";

export const b29 = defineEngineBug({
  id: "B29",
  title: "a sink takes a fetch that brings nothing for the end of the progress topic",
  source: "materialize #16778, #19879",
  breaks: "S-SINK-3",
  policies: ({ connectors }) => ({
    connectors: { ...connectors, isScanComplete: ({ position, bound, isEmpty }) => position >= bound || isEmpty },
  }),
});
