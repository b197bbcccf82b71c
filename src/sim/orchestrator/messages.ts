/** What travels between a client and the simulated orchestrator: one request, one reply. */
import type { ServiceState } from "../../ports/orchestrator.ts";

export type OrchestratorRequest =
  | { readonly op: "ensure"; readonly name: string; readonly processes: number; readonly workers: number }
  | { readonly op: "remove"; readonly name: string }
  | { readonly op: "list"; readonly prefix: string };

export type OrchestratorOperation = OrchestratorRequest["op"];

export type OrchestratorReply =
  | { readonly ok: true; readonly services?: readonly ServiceState[] }
  | { readonly ok: false; readonly code: "unavailable" | "conflict" | "invalid" };

/** The port that it listens on. */
export const orchestratorPort = 6_443;
