import fc from "fast-check";
import { defineFault } from "../define-fault.ts";
import { serviceControls } from "./controls.ts";

export const postgresConnectionLimit = defineFault<{ limit: number }>({
  id: "postgres.connection-limit",
  doc: "Postgres takes only so many sessions at once.",
  witness: "postgres.connections-exhausted",
  params: { limit: fc.integer({ min: 1, max: 8 }) },
  lasts: { min: "1s", max: "20s" },
  inject: (world, { limit }) => serviceControls(world, "postgres")?.limitConnections(limit),
});
