import { defineEngineBug } from "../define-engine-bug.ts";

export const b44 = defineEngineBug({
  id: "B44",
  title: "a replica whose controller is gone before it said all takes what it heard for all, and drops the rest",
  source: "materialize #28841",
  breaks: "S-REC-1",
  // A controller that takes its time is lost in the middle more often.
  policies: ({ cluster, replica }) => ({
    cluster: { ...cluster, replayPace: () => "2s" },
    replica: { ...replica, afterDisconnect: () => "reconcile" },
  }),
});
