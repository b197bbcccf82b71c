/**
 * Waiting for others. Everything here is a generator that yields the transaction whose end must be awaited before it goes
 * on; whoever drives it decides how. After each wait the world is looked at anew.
 */
import type { Row, Table, Values } from "./table.ts";
import type { Transaction } from "./transaction.ts";
import { SqlFailure } from "../sql-failure.ts";

/** Yields transactions to wait for. */
export type Steps<T> = Generator<Transaction, T, void>;

export type WaitPolicy = "wait" | "fail" | "skip";

/**
 * Locks a row until the transaction ends and returns its newest values; null when it is gone (or, with `skip`, taken).
 * Fails with 40001 when it changed after the transaction's snapshot, with 55P03 when it is taken and the policy says so.
 */
export function* lockRow(transaction: Transaction, row: Row, policy: WaitPolicy = "wait"): Steps<Values | null> {
  for (;;) {
    const holder = row.lockedBy;
    if (holder === null || holder === transaction) break;
    if (policy === "skip") return null;
    if (policy === "fail") throw new SqlFailure("55P03", "the row is locked");
    yield holder;
  }
  checkUnchanged(transaction, row);
  const values = row.newestFor(transaction);
  if (values !== null && row.lockedBy === null) {
    row.lockedBy = transaction;
    transaction.locked.push(row);
  }
  return values;
}

/** First committer wins: fails with 40001 when others changed the row after the transaction's snapshot. */
export function checkUnchanged(transaction: Transaction, row: Row): void {
  if (transaction.snapshot === null || row.pending?.writer === transaction) return;
  if (row.since > transaction.snapshot) throw new SqlFailure("40001", "the row was changed by another transaction");
}

/** The row that has the key already, as seen by all; waits for those who are about to make or remove it. */
export function* conflicting(transaction: Transaction, table: Table, key: string, self: Row | null): Steps<Row | null> {
  for (;;) {
    let blocker: Transaction | null = null;
    for (const row of table.under(key)) {
      if (row === self) continue;
      const { pending } = row;
      if (pending !== null && pending.writer !== transaction) {
        if (has(row, row.committed, key) || has(row, pending.values, key)) blocker ??= pending.writer;
      } else if (has(row, row.newestFor(transaction), key)) {
        return row;
      }
    }
    if (blocker === null) return null;
    yield blocker;
  }
}

/** Makes the transaction a user of the table; waits for one that drops it. Fails with 42P01 when that one commits. */
export function* useTable(transaction: Transaction, table: Table): Steps<void> {
  while (table.dropper !== null && table.dropper !== transaction) yield table.dropper;
  if (table.isDropped) throw new SqlFailure("42P01", `table "${table.shape.name}" does not exist`);
  if (transaction.used.has(table)) return;
  transaction.used.add(table);
  table.users.add(transaction);
}

/** Puts a version of the row that is the transaction's own; the row must be locked by it, or new. */
export function write(transaction: Transaction, row: Row, values: Values | null): void {
  if (row.lockedBy === null) {
    row.lockedBy = transaction;
    transaction.locked.push(row);
  }
  row.pending = { writer: transaction, values };
  if (values !== null) row.table.enter(row, values);
}

function has(row: Row, values: Values | null, key: string): boolean {
  return values !== null && row.table.keyOf(values) === key;
}
