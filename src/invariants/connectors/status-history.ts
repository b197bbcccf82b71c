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
  readonly namespace: string;
  readonly hint: string | null;
  /** Wall clock of the process that decided, milliseconds. */
  readonly at: number;
}

export class StatusHistory {
  /** In the order in which they were stored. */
  readonly rows: StatusRow[] = [];
  readonly #fold = new StatusFold();

  /** The last row of each object; nothing replaces `dropped`. */
  get latest(): ReadonlyMap<string, StatusRow> {
    return this.#fold.latest;
  }

  /** Takes in a change of a shard; returns the rows that are new. */
  changed({ shard, updates }: EngineEvents["shard.changed"]): readonly StatusRow[] {
    if (shard !== tablesShard) return [];
    const added = updates
      .filter(([data, , diff]) => diff > 0 && (data as { readonly table?: string }).table === statusTable)
      .toSorted((a, b) => a[1] - b[1])
      .map(([data]) => rowOf((data as { readonly row: readonly Json[] }).row));
    for (const row of added) {
      this.rows.push(row);
      this.#fold.add(row);
    }
    return added;
  }
}

/** Whether two rows of an object say the same, whenever and however often it was said. */
export function isRepeated(a: StatusRow, b: StatusRow): boolean {
  const facts = ({ incarnation, status, error, class: errorClass, code, namespace }: StatusRow): string =>
    JSON.stringify([incarnation, status, error, errorClass, code, namespace]);
  return facts(a) === facts(b);
}

/** What rows come to, in their order. */
export class StatusFold {
  /** The last row of each object; nothing replaces `dropped`. */
  readonly latest = new Map<string, StatusRow>();
  /** By object, the last error of an input that it spoke of since it ran. */
  readonly held = new Map<string, StatusRow>();

  add(row: StatusRow): void {
    if (this.latest.get(row.id)?.status === "dropped") return;
    this.latest.set(row.id, row);
    if (row.class === "input") this.held.set(row.id, row);
    else if (row.status === "running" || row.status === "dropped") this.held.delete(row.id);
  }
}

function rowOf(row: readonly Json[]): StatusRow {
  const [seq, id, type, incarnation, status, error, errorClass, code, namespace, hint, , at] = row;
  const said = { status, error, class: errorClass, code, namespace, hint };
  return { seq, id, type, incarnation, ...said, at } as unknown as StatusRow;
}
