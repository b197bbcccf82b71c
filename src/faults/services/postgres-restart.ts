import fc from "fast-check";
import { micros } from "../../base/time.ts";
import { defineFault } from "../define-fault.ts";
import { serviceControls } from "./controls.ts";

export const postgresRestart = defineFault<{ startupMs: number }>({
  id: "postgres.restart",
  doc: "Postgres crashes and takes a while to recover; what was committed stays.",
  witness: "postgres.restarted",
  params: { startupMs: fc.integer({ min: 100, max: 8_000 }) },
  lasts: { min: "8s", max: "12s" },
  inject: (world, { startupMs }) => serviceControls(world, "postgres")?.restart(micros(startupMs * 1_000)),
});
