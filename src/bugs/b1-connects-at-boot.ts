import { defineEngineBug } from "./define-engine-bug.ts";

export const b1 = defineEngineBug({
  id: "B1",
  title: "the environment contacts the broker of a sink before it serves, and gives up when that is down",
  source: "materialize #7396, #4401; S0",
  breaks: "S-CONN-1",
  policies: ({ coordinator }) => ({
    coordinator: {
      ...coordinator,
      contactAtBoot: async (ports, brokers) => {
        const kafka = ports.kafka(brokers);
        try {
          await kafka.topics();
        } catch (error) {
          if (typeof (error as { readonly code?: unknown }).code !== "string") throw error;
          ports.host.exit(1, "sink-unreachable");
        }
        kafka.close();
      },
    },
  }),
});
