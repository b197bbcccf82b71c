/** The items of a plan, one line each: when, what, and what explaining found out about it. */
import type { ItemExplanation } from "../../runner/finding/finding.ts";
import type { PlanItem } from "../../runner/plan/plan.ts";
import type { TextStyle } from "./paint.ts";
import { formatMoment } from "../../base/time.ts";
import { alignRows, left } from "./columns.ts";
import { columnsOf, printable, wrap } from "./printable.ts";
import { counted, inline } from "./quantity.ts";

const noteIndent = 13;

/** What an item does, without its time: `put {key: "a"}`, `process.crash {host: "server"}, until 0:06.100`. */
export function itemText(item: PlanItem): string {
  if (item.kind === "fault") {
    const params = Object.keys(item.params).length === 0 ? "" : ` ${inline(item.params)}`;
    return `${printable(item.fault)}${params}, until ${formatMoment(item.until)}`;
  }
  const value = isNothing(item.value) ? "" : ` ${inline(item.value)}`;
  return `${printable(item.op)}${value}${item.session === 0 ? "" : `, session ${item.session}`}`;
}

/** What is known of an item, in words; empty when there is nothing to say. */
export function explanationText(item: PlanItem, known: ItemExplanation): string {
  const isFault = item.kind === "fault";
  const parts: string[] = [];
  if (known.values === "any") parts.push(`any other ${isFault ? "parameters fail" : "value fails"} too`);
  if (known.values === "some") parts.push(`some other ${isFault ? "parameters" : "values"} fail too`);
  if (known.values === "only") {
    const others = counted(known.valuesTried, "other");
    parts.push(`only ${isFault ? "these parameters fail" : "this value fails"} (${others} tried)`);
  }
  if (known.earliest < known.latest) {
    parts.push(`any time ${formatMoment(known.earliest)} to ${formatMoment(known.latest)}`);
  } else if (known.timesTried > 0) {
    parts.push("at this time only");
  }
  return parts.join(", ");
}

/** One line an item, indented by four; a note that does not fit beside its item goes below it. */
export function itemLines(
  items: readonly PlanItem[],
  explanation: readonly ItemExplanation[],
  style: TextStyle,
): string[] {
  const { paint, width } = style;
  const byItem = new Map(explanation.map((known) => [known.item, known]));
  const rows = alignRows(
    items.map((item) => [
      left(formatMoment(item.at)),
      left(item.kind, item.kind === "fault" ? paint.warn : paint.faint),
      left(itemText(item)),
    ]),
    " ",
  ).map((line) => `    ${line}`);
  const notes = items.map((item, index) => {
    const known = byItem.get(index);
    const text = known === undefined ? "" : explanationText(item, known);
    return text === "" ? "" : `← ${text}`;
  });
  const column = rows.reduce((most, row) => Math.max(most, columnsOf(row)), 0) + 2;
  return rows.flatMap((row, index) => {
    const note = notes[index]!;
    if (note === "") return [row];
    if (column + columnsOf(note) <= width) return [`${row}${" ".repeat(column - columnsOf(row))}${paint.faint(note)}`];
    return [row, ...wrap(note, width - noteIndent).map((line) => `${" ".repeat(noteIndent)}${paint.faint(line)}`)];
  });
}

function isNothing(value: unknown): boolean {
  return value === null || (typeof value === "object" && !Array.isArray(value) && Object.keys(value).length === 0);
}
