import { defineEngineBug } from "./define-engine-bug.ts";

export const b62 = defineEngineBug({
  id: "B62",
  title: "errors of equal text are one: when the cause of one is mended, the other is forgotten",
  source: "materialize #11162",
  breaks: "S-ERR-3",
  policies: ({ dataflow }) => ({
    dataflow: {
      ...dataflow,
      errorIdentity: () => "",
      errorChanges: (held, error, diff) => {
        const before = held.get(error.message) ?? 0;
        const after = diff > 0 ? 1 : 0;
        held.set(error.message, after);
        return after === before ? [] : [[error, after - before]];
      },
    },
  }),
});
