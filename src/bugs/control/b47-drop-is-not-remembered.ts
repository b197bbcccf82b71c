import { defineEngineBug } from "../define-engine-bug.ts";

export const b47 = defineEngineBug({
  id: "B47",
  title: "a dropped view is told again to every replica that comes back, which dies of it again",
  source: "materialize #12300, risingwave #12999",
  breaks: "L-ERR-1",
  policies: ({ cluster }) => ({ cluster: { ...cluster, isForgotten: () => false } }),
});
