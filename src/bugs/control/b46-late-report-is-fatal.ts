import { defineEngineBug } from "../define-engine-bug.ts";

export const b46 = defineEngineBug({
  id: "B46",
  title: "the environment ends over the frontier of an object that was just dropped",
  source: "materialize #23037",
  breaks: "S-CTL-2",
  policies: ({ cluster, coordinator }) => ({
    cluster: { ...cluster, isHeard: (reported, present) => present === undefined || reported === present },
    coordinator: { ...coordinator, unknownReport: () => "halt" },
  }),
});
