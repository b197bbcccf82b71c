/**
 * The durable history of connectors' health: rows of a table without a name in the shard of all tables. A row counts in
 * the moment it is stored, whether its writer lives to tell of it or not.
 */
import type { Json } from "../../base/json.ts";
import type { EngineEvents } from "../../ports/engine-events.ts";

const tablesShard = "tables";
const statusTable = "s-status";

export interface StatusRow {
  readonly seq: number;
  readonly id: string;
  readonly type: string;
  readonly incarnation: number;
  readonly status: string;
  readonly error: string | null;
  readonly class: string | null;
  readonly code: string | null;
  /** Wall clock of the process that decided, milliseconds. */
  readonly at: number;
}

export class StatusHistory {
  /** In the order in which they were stored. */
  readonly rows: StatusRow[] = [];
  /** The last row of each object; nothing replaces `dropped`. */
  readonly latest = new Map<string, StatusRow>();

  /** Takes in a change of a shard; returns the rows that are new. */
  changed({ shard, updates }: EngineEvents["shard.changed"]): readonly StatusRow[] {
    if (shard !== tablesShard) return [];
    const added = updates
      .filter(([data, , diff]) => diff > 0 && (data as { readonly table?: string }).table === statusTable)
      .toSorted((a, b) => a[1] - b[1])
      .map(([data]) => rowOf((data as { readonly row: readonly Json[] }).row));
    for (const row of added) {
      this.rows.push(row);
      foldStatus(this.latest, row);
    }
    return added;
  }
}

/** Adds a row to the last ones by object, in place. */
export function foldStatus(latest: Map<string, StatusRow>, row: StatusRow): void {
  if (latest.get(row.id)?.status !== "dropped") latest.set(row.id, row);
}

function rowOf(row: readonly Json[]): StatusRow {
  const [seq, id, type, incarnation, status, error, errorClass, code, , , , at] = row;
  return { seq, id, type, incarnation, status, error, class: errorClass, code, at } as unknown as StatusRow;
}
