import { defineEngineBug } from "../define-engine-bug.ts";

export const b42 = defineEngineBug({
  id: "B42",
  title: "commands reach process 0 of a replica alone: frontiers never complete, and nothing is compacted",
  source: "materialize #15095",
  breaks: "L-CTL-1",
  policies: ({ replica }) => ({ replica: { ...replica, audience: () => 1 } }),
});
