import { defineEngineBug } from "./define-engine-bug.ts";

export const b51 = defineEngineBug({
  id: "B51",
  title: "an append whose answer was lost is not recognised in what is durable, and made again",
  source: "materialize #15573",
  breaks: "S-WRI-2",
  policies: ({ persist }) => ({ persist: { ...persist, isOurs: () => false } }),
});
