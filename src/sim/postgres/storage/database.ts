/**
 * The database in the memory of one server process: the catalog, the commit, and what older snapshots still need. It is
 * read back from the durable tables when the process starts, which rolls back whatever was open.
 */
import type { PostgresServer } from "../server.ts";
import { SqlFailure } from "../sql-failure.ts";
import { Table, type Row, type TableShape, type Values } from "./table.ts";
import { Transaction, type Isolation } from "./transaction.ts";

/** Changes that a snapshot does not see: what a serializable transaction's reads are held against. */
interface Change {
  readonly since: number;
  readonly table: Table;
  readonly keys: readonly string[];
}

export class Database {
  readonly #server: PostgresServer;
  readonly #tables = new Map<string, Table>();
  /** Names of tables that open transactions are about to create. */
  readonly #creators = new Map<string, Transaction>();
  /** Transactions with a snapshot of their own. */
  readonly #snapshots = new Set<Transaction>();
  /** Rows with versions that only such a snapshot needs. */
  readonly #outdated = new Set<Row>();
  #changes: Change[] = [];
  #commits = 0;

  constructor(server: PostgresServer) {
    this.#server = server;
    for (const [name, { shape, rows }] of server.tables) {
      const table = new Table(shape);
      this.#tables.set(name, table);
      for (const [id, values] of rows) {
        const row = table.add(id);
        row.versions = [{ values, since: 0 }];
        table.enter(row, values);
      }
    }
  }

  begin(isolation: Isolation, isReadOnly: boolean): Transaction {
    return new Transaction(isolation, isReadOnly);
  }

  /** Before a statement that reads: the first one of a stricter transaction fixes what all of them see. */
  look(transaction: Transaction): void {
    transaction.hasLooked = true;
    if (transaction.isolation === "read committed" || transaction.snapshot !== null) return;
    transaction.snapshot = this.#commits;
    this.#snapshots.add(transaction);
  }

  /** The table of that name as the transaction sees it. */
  find(transaction: Transaction, name: string): Table | undefined {
    const own = transaction.tables.get(name);
    return own === undefined ? this.#tables.get(name) : (own ?? undefined);
  }

  /** Who else is about to create a table of that name. */
  creatorOf(transaction: Transaction, name: string): Transaction | null {
    const creator = this.#creators.get(name);
    return creator === undefined || creator === transaction ? null : creator;
  }

  create(transaction: Transaction, shape: TableShape): void {
    this.#creators.set(shape.name, transaction);
    transaction.tables.set(shape.name, new Table(shape));
  }

  /** The caller is the table's dropper, and its only user. */
  drop(transaction: Transaction, table: Table): void {
    const { name } = table.shape;
    // One of its own is gone at once; nobody else has seen it.
    if (this.#tables.get(name) !== table) table.isDropped = true;
    if (this.#tables.has(name)) transaction.tables.set(name, null);
    else transaction.tables.delete(name);
  }

  /** Makes everything durable and visible at once, or fails with 40001; then lets those go on who waited. */
  commit(transaction: Transaction): void {
    this.#validate(transaction);
    const since = ++this.#commits;
    this.#installTables(transaction);
    for (const row of transaction.locked) {
      row.lockedBy = null;
      if (row.pending !== null) this.#install(row, row.pending.values, since);
    }
    this.#end(transaction);
  }

  /** Undoes everything and lets those go on who waited. */
  rollBack(transaction: Transaction): void {
    for (const row of transaction.locked) {
      row.lockedBy = null;
      if (row.pending === null) continue;
      row.pending = null;
      this.#tidy(row);
    }
    this.#end(transaction);
  }

  #install(row: Row, values: Values | null, since: number): void {
    const { table } = row;
    const before = row.committed;
    row.pending = null;
    if (values !== null || before !== null) {
      row.versions.push({ values, since });
      if (!table.isDropped) this.#log(row, before, values, since);
    }
    this.#tidy(row);
  }

  /** Writes ahead what must survive, and tells who listens. */
  #log({ table, id }: Row, before: Values | null, values: Values | null, since: number): void {
    const { name, columns, key } = table.shape;
    const durable = this.#server.tables.get(name)!;
    if (values === null) durable.rows.delete(id);
    else durable.rows.set(id, values);
    if (this.#snapshots.size > 0) {
      const keys = [before, values].filter((each) => each !== null).map((each) => table.keyOf(each) ?? "");
      this.#changes.push({ since, table, keys });
    }
    const { onCommit, client: by } = this.#server;
    if (onCommit === undefined) return;
    const keyOf = (each: Values): Values => key.map((place) => each[place]!);
    const isMoved = before !== null && values !== null && table.keyOf(before) !== table.keyOf(values);
    if (before !== null && (values === null || isMoved)) onCommit({ table: name, key: keyOf(before), by, row: null });
    if (values === null) return;
    const row = Object.fromEntries(columns.map((column, place) => [column.name, values[place]!]));
    onCommit({ table: name, key: keyOf(values), by, row });
  }

  /** Serializable: what was read must still be what one would read now. Stricter than the real server, which keeps more. */
  #validate(transaction: Transaction): void {
    const { snapshot, reads } = transaction;
    if (snapshot === null || transaction.isolation !== "serializable") return;
    const writes = transaction.locked.some((row) => row.pending !== null);
    if (!writes) return;
    for (const { since, table, keys } of this.#changes) {
      const read = reads.get(table);
      if (since <= snapshot || read === undefined) continue;
      if (read !== "all" && !keys.some((key) => read.has(key))) continue;
      this.rollBack(transaction);
      throw new SqlFailure("40001", "what the transaction read was changed by another one");
    }
  }

  #installTables(transaction: Transaction): void {
    for (const [name, table] of transaction.tables) {
      const old = this.#tables.get(name);
      if (old !== undefined) old.isDropped = true;
      this.#tables.delete(name);
      this.#server.tables.delete(name);
      if (table === null) continue;
      this.#tables.set(name, table);
      this.#server.tables.set(name, { shape: table.shape, rows: new Map() });
    }
  }

  #tidy(row: Row): void {
    if (this.#snapshots.size === 0) row.table.prune(row);
    else this.#outdated.add(row);
  }

  #end(transaction: Transaction): void {
    transaction.isOver = true;
    if (this.#snapshots.delete(transaction) && this.#snapshots.size === 0) {
      for (const row of this.#outdated) row.table.prune(row);
      this.#outdated.clear();
      this.#changes = [];
    }
    for (const name of transaction.tables.keys()) {
      if (this.#creators.get(name) === transaction) this.#creators.delete(name);
    }
    for (const table of transaction.used) {
      table.users.delete(transaction);
      if (table.dropper === transaction) table.dropper = null;
    }
    for (const wake of transaction.waiters.splice(0)) wake();
  }
}
