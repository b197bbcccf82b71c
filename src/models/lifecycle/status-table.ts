/** The status log of the environment, asked one question at a time: a state knows its rows, the log is made from them. */
import type { HealthUpdate } from "../../engine/compute/protocol.ts";
import type { State } from "./state.ts";
import { isInVain } from "./parts.ts";
import { StatusLog } from "../../engine/coordinator/health/status-log.ts";
import { decodeStatus } from "../../engine/coordinator/health/status-row.ts";

/** What of a report makes a difference here. */
export type Report = Pick<HealthUpdate, "status" | "incarnation" | "occurrences">;

const id = "u1";

/** Rows that wait when one more report was taken. */
export function recorded({ row, waiting }: Pick<State, "row" | "waiting">, report: Report): readonly Report[] {
  const log = new StatusLog();
  if (row !== null) log.restore([{ ...update(row), type: "source", seq: 1 }]);
  for (const each of [...waiting, report]) log.add(update(each), "source");
  return log.take().map((each) => {
    const { status, incarnation, occurrences } = decodeStatus(each.row);
    return { status, incarnation, occurrences };
  });
}

/** Whether the last row says how the connector is, and nothing is under way that could say otherwise. */
export function isSettled({ item, life, parts, link, isUp, row, waiting }: State): boolean {
  if (!isUp || link.length > 0 || waiting.length > 0) return false;
  if (item === null) return life === null && (row === null || row.status === "dropped");
  if (life === null || life.incarnation !== item) return false;
  const { status } = life.lifecycle;
  if (parts.some((part) => part.isOut || isInVain(part))) return false;
  return (status === "running" || status === "failed") && row?.status === status && row.incarnation === item;
}

function update({ status, incarnation, occurrences }: Report): HealthUpdate {
  const isWell = status !== "stalled" && status !== "degraded" && status !== "failed";
  const told = isWell
    ? { error: null, class: null, code: null }
    : ({ error: "gone", class: "transient", code: "gone" } as const);
  return { id, incarnation, status, ...told, namespace: "kafka", hint: null, occurrences, at: 0 };
}
