import { defineEngineBug } from "./define-engine-bug.ts";

export const b3 = defineEngineBug({
  id: "B3",
  title: "after a few failures a connector stops without a word, and looks fine for ever",
  source: "materialize #7009, for Kafka",
  breaks: "S-CONN-3",
  policies: ({ connectors }) => ({
    connectors: { ...connectors, triesAgain: (failures) => failures < 3, showsFailure: () => false },
  }),
});
