import { defineEngineBug } from "./define-engine-bug.ts";

export const b53 = defineEngineBug({
  id: "B53",
  title: "a source that comes back reads again what it had bound already",
  source: "materialize #3266",
  breaks: "S-ING-2",
  policies: ({ connectors }) => ({
    connectors: {
      ...connectors,
      resumeOffsets: (bindings) =>
        new Map([...bindings].map(([partition, offset]) => [partition, Math.max(0, offset - 1)])),
    },
  }),
});
