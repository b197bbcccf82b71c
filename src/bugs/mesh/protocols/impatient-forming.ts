/**
 * The protocol in force without its patience: a peer that cannot be reached ends the attempt. With attempts that end their
 * process (`endedAttempts`), all members must be up at one moment by luck.
 */
import type { Attempts } from "../../../engine/mesh/attempts.ts";
import type { FormingCore } from "../../../engine/mesh/forming.ts";
import { ownAttempts } from "../../../engine/mesh/attempts.ts";
import { epochForming } from "../../../engine/mesh/forming.ts";

/** See the head of the file. */
export const impatientForming: FormingCore = {
  initial: epochForming.initial,
  next: (state, event) => {
    if (event.kind !== "dial-failed" || state.phase !== "forming") return epochForming.next(state, event);
    return [epochForming.initial(state.index, state.size), [{ kind: "failed", reason: "link-lost" }]];
  },
};

/** One attempt in the life of a process. */
export const endedAttempts: Attempts = (host, begin) => {
  ownAttempts(host, begin);
  return () => host.exit(2, "mesh-failed");
};
