import { defineEngineBug } from "./define-engine-bug.ts";

export const b43 = defineEngineBug({
  id: "B43",
  title: "a replica reports an empty frontier of a dataflow that it replaces, and the view is sealed for ever",
  source: "materialize #15535, #16247, #19003",
  breaks: "S-FRO-2",
  policies: ({ replica }) => ({ replica: { ...replica, isKept: () => false, frontierOfReplaced: () => null } }),
});
