import { defineEngineBug } from "./define-engine-bug.ts";

export const b15 = defineEngineBug({
  id: "B15",
  title: "the fence is written in two steps, the epoch before the generation",
  source: "S3; materialize #29269",
  breaks: "S-FEN-4",
  policies: ({ catalog }) => ({
    catalog: {
      ...catalog,
      fenceWrites: (durable, mine) => {
        const [old] = durable;
        if (old === undefined || old.generation === mine.generation) return catalog.fenceWrites(durable, mine);
        const between = { generation: old.generation, epoch: mine.epoch };
        return [...catalog.fenceWrites(durable, between), ...catalog.fenceWrites([between], mine)];
      },
    },
  }),
});
