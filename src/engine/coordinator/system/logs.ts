/** The logs whose rows ride on the commits of tables: made empty, and filled from what is durable. */
import type { Row } from "../../collection.ts";
import type { Host } from "../../../ports/host.ts";
import type { TableRow } from "../health/row-log.ts";
import { StatusLog } from "../health/status-log.ts";
import { decodeStatus, statusTable } from "../health/status-row.ts";
import { ReplicaLog, replicaStatusTable } from "../replicas/replica-log.ts";

export interface SystemLogs {
  readonly statuses: StatusLog;
  readonly replicas: ReplicaLog;
}

/** Empty logs. `onNews`: something waits to be written that nobody else asks a commit for. */
export function systemLogs(host: Host, onNews: () => void): SystemLogs {
  const statuses = new StatusLog((rows) => {
    for (const { id, type, seq, status, error, incarnation } of rows) {
      host.emit("status.recorded", { id, type, seq, status, error, incarnation });
    }
  });
  return { statuses, replicas: new ReplicaLog(onNews) };
}

/** Fills them with what the shard of all tables holds. */
export function restoreLogs(
  { statuses, replicas }: SystemLogs,
  contents: readonly (readonly [data: TableRow, count: number])[],
): void {
  const rowsOf = (wanted: string): readonly Row[] =>
    contents.filter(([{ table }]) => table === wanted).map(([{ row }]) => row);
  statuses.restore(rowsOf(statusTable).map(decodeStatus));
  replicas.restore(rowsOf(replicaStatusTable));
}
