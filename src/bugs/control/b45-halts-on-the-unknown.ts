import { defineEngineBug } from "../define-engine-bug.ts";

export const b45 = defineEngineBug({
  id: "B45",
  title: "a replica ends over a command about something that it does not run any more",
  source: "materialize #28046",
  breaks: "S-CTL-2",
  policies: ({ replica }) => ({ replica: { ...replica, staleCommand: () => "halt" } }),
});
