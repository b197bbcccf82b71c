import { defineEngineBug } from "../define-engine-bug.ts";
import { numberedAttempts } from "./protocols/controlled-attempts.ts";
import { meshController, risingAttempts } from "./protocols/controller.ts";
import { numberedForming } from "./protocols/numbered-forming.ts";

export const b40 = defineEngineBug({
  id: "B40",
  title: "a read-only environment that was started again counts its attempts from the first number once more",
  source: "materialize #31558",
  breaks: "L-MESH-1",
  policies: ({ mesh }) => ({
    mesh: { ...mesh, formingCore: numberedForming, attempts: numberedAttempts },
    controller: meshController({ ...risingAttempts, life: () => Promise.resolve(1) }),
  }),
});
