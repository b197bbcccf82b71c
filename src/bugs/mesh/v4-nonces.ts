import { defineEngineBug } from "../define-engine-bug.ts";
import { nonceAttempts } from "./protocols/controlled-attempts.ts";
import { drawnAttempts, meshController } from "./protocols/controller.ts";
import { nonceForming } from "./protocols/nonce-forming.ts";

export const v4 = defineEngineBug({
  id: "MESH-V4",
  title: "attempts have nonces that are only ever equal or not: both sides wait for a partner of the past",
  source: "materialize #31558",
  breaks: "L-MESH-1",
  policies: ({ mesh }) => ({
    mesh: { ...mesh, formingCore: nonceForming, attempts: nonceAttempts },
    controller: meshController(drawnAttempts),
  }),
});
