/** What travels between a client and the simulated orchestrator: one request, one reply. */
import type { ServiceState } from "../../ports/orchestrator.ts";

/** What may be asked of it. */
export type OrchestratorRequest =
  | { readonly op: "ensure"; readonly name: string; readonly processes: number; readonly workers: number }
  | { readonly op: "remove"; readonly name: string }
  | { readonly op: "list"; readonly prefix: string };

/** What it answers; `services` to a `list`. */
export type OrchestratorReply =
  | { readonly ok: true; readonly services?: readonly ServiceState[] }
  | { readonly ok: false; readonly code: "unavailable" | "conflict" | "invalid" };

/** The port that it listens on. */
export const orchestratorPort = 6_443;
