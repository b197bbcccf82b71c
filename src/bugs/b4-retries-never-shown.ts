import { defineEngineBug } from "./define-engine-bug.ts";

export const b4 = defineEngineBug({
  id: "B4",
  title: "a connector tries again for ever and never says so",
  source: "materialize #23225, for Kafka",
  breaks: "L-CONN-2",
  policies: ({ connectors }) => ({ connectors: { ...connectors, showsFailure: () => false } }),
});
