import fc from "fast-check";
import { defineFault } from "../define-fault.ts";
import { serviceControls } from "./controls.ts";

export const objectStoreErrors = defineFault<{ code: string; oneIn: number }>({
  id: "s3.errors",
  doc: "Some requests to the object store fail with a 500 or 503, before or after their effect.",
  witness: "s3.failed",
  params: {
    code: fc.constantFrom("ServiceUnavailable", "InternalError", "SlowDown"),
    oneIn: fc.constantFrom(4, 2, 1),
  },
  lasts: { min: "500ms", max: "15s" },
  inject: (world, { code, oneIn }) => serviceControls(world, "object-store")?.fail(code, oneIn),
});
