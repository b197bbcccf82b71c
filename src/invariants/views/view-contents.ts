/** ORACLE-VIEW. */
import type { Observed } from "../state/observed.ts";
import { defineInvariant } from "../define-invariant.ts";
import { sameRows } from "../oracle/batch-evaluate.ts";
import { ViewBook } from "./view-book.ts";

/**
 * ORACLE-VIEW: a materialized view holds at each time what its definition says of its inputs at that time, and is an error
 * if and only if the definition is. Which of several errors it shows is not judged. Sources and tables are taken as they
 * are: other rules hold them against what was produced and inserted.
 */
export const viewContents = defineInvariant<ViewBook, Observed>({
  id: "ORACLE-VIEW",
  doc: "A materialized view equals the evaluation of its definition over its inputs, at each time.",
  state: () =>
    new ViewBook("changes", ({ view, time, expected, observed }) => {
      const isError = observed.errors.length > 0;
      if (!expected.ok) {
        if (isError) return undefined;
        const message = `view ${view} has no error at ${time}, its definition has`;
        return { subject: view, message, expected: `${expected.error.code} ${expected.error.message}`, observed: [] };
      }
      const said = { rows: expected.rows.slice(0, 5).map(([row, count]) => [row, count]) };
      if (isError) {
        const message = `view ${view} is an error at ${time}, its definition is not`;
        return { subject: view, message, expected: said, observed: observed.errors.map(({ message: text }) => text) };
      }
      if (sameRows(expected.rows, observed.rows)) return undefined;
      const held = { rows: observed.rows.slice(0, 5).map(([row, count]) => [row, count]) };
      return {
        subject: view,
        message: `view ${view} differs from its definition at ${time}`,
        expected: said,
        observed: held,
      };
    }),
  on: { "shard.changed": (book, data) => book.changed(data) },
  atEnd: (book) => book.atEnd(),
});
