/** What faults may turn at the simulated S3. */
import type { Heal } from "../../ports/controls.ts";
import type { ObjectStoreControls } from "../../ports/service-controls.ts";
import type { ObjectStoreServer, RequestFault } from "./object-store-server.ts";

/** The control panel of one store. Faults act together; each heals by itself. */
export function objectStoreControls(server: ObjectStoreServer): ObjectStoreControls {
  const add = (fault: RequestFault): Heal => {
    server.faults.add(fault);
    return () => void server.faults.delete(fault);
  };
  return {
    fail: (code, oneIn) => add({ kind: "fail", code, oneIn }),
    loseAnswers: (oneIn, when) => add({ kind: "lose-answer", when, oneIn }),
  };
}
