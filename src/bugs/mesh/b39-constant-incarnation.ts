import { defineEngineBug } from "../define-engine-bug.ts";
import { numberedAttempts } from "./protocols/controlled-attempts.ts";
import { meshController, risingAttempts } from "./protocols/controller.ts";
import { numberedForming } from "./protocols/numbered-forming.ts";

export const b39 = defineEngineBug({
  id: "B39",
  title: "the controller gives all attempts of its life one number: partial restarts repeat it",
  source: "materialize #17483",
  breaks: "L-MESH-1",
  policies: ({ mesh }) => ({
    mesh: { ...mesh, formingCore: numberedForming, attempts: numberedAttempts },
    controller: meshController({ ...risingAttempts, attempt: (_host, life) => ({ millis: life, nonce: 0 }) }),
  }),
});
