/** Rows of cells under one another. Widths are those of the text alone: colours are laid on after padding. */
import { columnsOf } from "./printable.ts";

/** One cell of a row. */
export interface Cell {
  readonly text: string;
  readonly align?: "left" | "right";
  readonly paint?: (text: string) => string;
}

/** A cell at the left of its column. */
export function left(text: string, paint?: Cell["paint"]): Cell {
  return paint === undefined ? { text } : { text, paint };
}

/** A cell at the right of its column: for numbers. */
export function right(text: string, paint?: Cell["paint"]): Cell {
  return paint === undefined ? { text, align: "right" } : { text, align: "right", paint };
}

/** The rows as lines, each column as wide as its widest cell; no spaces at the ends of lines. */
export function alignRows(rows: readonly (readonly Cell[])[], gap = "  "): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) {
      widths[index] = Math.max(widths[index] ?? 0, columnsOf(cell.text));
    }
  }
  return rows.map((row) => {
    const cells = row.map((cell, index) => {
      const padding = " ".repeat(widths[index]! - columnsOf(cell.text));
      const text = cell.paint === undefined || cell.text === "" ? cell.text : cell.paint(cell.text);
      return cell.align === "right" ? padding + text : text + padding;
    });
    return cells.join(gap).trimEnd();
  });
}
