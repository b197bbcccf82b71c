import { defineFault } from "../define-fault.ts";
import { serviceControls } from "./controls.ts";

export const postgresOutage = defineFault<Record<string, never>>({
  id: "postgres.outage",
  doc: "Postgres ends all sessions and takes no new ones.",
  witness: "postgres.refused",
  params: {},
  lasts: { min: "500ms", max: "20s" },
  inject: (world) => serviceControls(world, "postgres")?.outage(),
});
