/** Rows of the status history for traces written by hand, in the engine's own format. */
import type { Json } from "../../src/base/json.ts";
import { encodeStatus, statusTable } from "../../src/engine/coordinator/health/status-row.ts";
import type { HealthStatus, HealthUpdate } from "../../src/engine/compute/protocol.ts";
import type { Seen } from "./hand-trace.ts";

export interface Told {
  readonly id: string;
  readonly status: HealthStatus;
  readonly error?: string | null;
  readonly code?: string | null;
  /** Without it, that of an error is `transient`. */
  readonly class?: HealthUpdate["class"];
  readonly incarnation?: number;
  readonly type?: "source" | "sink";
}

/** A row as the shard of all tables holds it. */
export function statusRow(seq: number, told: Told): Json {
  const { id, status, error = null, code = null, incarnation = 1, type } = told;
  const row = encodeStatus({
    seq,
    id,
    type: type ?? "sink",
    incarnation,
    status,
    error,
    code,
    class: error === null ? null : (told.class ?? "transient"),
    namespace: told.class === "input" ? "input" : "kafka",
    hint: null,
    occurrences: error === null ? 0 : 1,
    at: seq,
  });
  return { table: statusTable, row };
}

/** What a connector says when it happens. */
export function said({ id, status, error = null, code = null, incarnation = 1 }: Told): Seen {
  return ["connector.status", { id, incarnation, status, error, code, class: null, occurrences: 0 }];
}

/** What an environment says once it knows that a row is stored. */
export function recorded(seq: number, { id, status, error = null, incarnation = 1, type = "sink" }: Told): Seen {
  return ["status.recorded", { id, type, seq, status, error, incarnation }];
}
