import { defineEngineBug } from "../define-engine-bug.ts";

export const b48 = defineEngineBug({
  id: "B48",
  title: "a dataflow begins where its own output ends, whether or not its inputs are readable there",
  source: "materialize #12885, #27345",
  breaks: "S-FRO-4",
  policies: ({ coordinator, replica }) => ({
    coordinator: { ...coordinator, asOf: (_sinces, upper) => Math.max(0, upper === null ? 0 : upper - 1) },
    replica: { ...replica, mayRender: () => true },
  }),
});
