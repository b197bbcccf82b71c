/**
 * One session: which transaction it is in, what its statements do to that, and its subscriptions. It waits for others by
 * yielding them; who drives it, connections and time are in `backend.ts`. Savepoints, cursors and prepared statements are
 * left out.
 */
import type { Json } from "../../base/json.ts";
import type { SqlNode } from "../../base/pg-parser.ts";
import { checkNotification } from "./expression/call.ts";
import { envOf, namedRows, type PreparedPlan } from "./statement/plan.ts";
import { SqlFailure, unsupported } from "./sql-failure.ts";
import type { StatementCache } from "./statement-cache.ts";
import type { Database } from "./storage/database.ts";
import { useTable, type Steps } from "./storage/locking.ts";
import type { Isolation, Notification, Transaction } from "./storage/transaction.ts";

/** What a statement that succeeded answers. */
export interface SessionResult {
  readonly rows: readonly { readonly [column: string]: Json }[];
  readonly count: number;
}

/** `open`: in a transaction block; `failed`: in one that can only be rolled back. */
export type SessionStatus = "idle" | "open" | "failed";

type TransactionNode = Extract<SqlNode, { TransactionStmt: unknown }>["TransactionStmt"];
type SetNode = Extract<SqlNode, { VariableSetStmt: unknown }>["VariableSetStmt"];

const nothing: SessionResult = { rows: [], count: 0 };

export class Session {
  status: SessionStatus = "idle";
  /** Channels that it listens to, as of its last commit. */
  readonly channels = new Set<string>();
  /** Limits in ms, 0 for none: of a whole statement, and of one wait for a lock. */
  statementTimeout = 0;
  lockTimeout = 0;
  readonly #database: Database;
  readonly #statements: StatementCache;
  /** Called with what a commit notifies of. */
  readonly #publish: (notification: Notification) => void;
  #transaction: Transaction | null = null;

  constructor(database: Database, statements: StatementCache, publish: (notification: Notification) => void) {
    this.#database = database;
    this.#statements = statements;
    this.#publish = publish;
  }

  /** The transaction that a statement is running in, or the block's. */
  get transaction(): Transaction | null {
    return this.#transaction;
  }

  /** Runs one statement. A failure rolls back what is open and is thrown again. */
  *execute(text: string, params: readonly Json[]): Steps<SessionResult> {
    try {
      return yield* this.#perform(text, params);
    } catch (error) {
      if (this.status === "open") this.status = "failed";
      this.#rollBack();
      throw error;
    }
  }

  /** The session is over. */
  end(): void {
    this.status = "idle";
    this.#rollBack();
  }

  *#perform(text: string, params: readonly Json[]): Steps<SessionResult> {
    const parsed = this.#statements.parse(text);
    if (!parsed.ok) throw new SqlFailure("42601", parsed.message);
    if (parsed.statements.length > 1) throw unsupported("a text of several statements");
    const [node] = parsed.statements;
    if (node === undefined) return nothing;
    if (this.status === "failed" && !isEnding(node)) {
      throw new SqlFailure("25P02", "the transaction has failed and can only be rolled back");
    }
    if ("TransactionStmt" in node) return this.#control(node.TransactionStmt, params);
    if ("VariableSetStmt" in node) return this.#set(node.VariableSetStmt, params);
    const transaction = (this.#transaction ??= this.#database.begin("read committed", false));
    const result = this.#subscribe(node, transaction, params) ?? (yield* this.#run(text, node, transaction, params));
    if (this.status === "idle") this.#commit();
    return result;
  }

  *#run(text: string, node: SqlNode, transaction: Transaction, values: readonly Json[]): Steps<SessionResult> {
    const database = this.#database;
    database.look(transaction);
    const request = { text, node, isBare: values.length === 0 };
    const plan: PreparedPlan = this.#statements.plan(request, database, transaction);
    const params = plan.parameters.bind(values);
    const env = envOf(params, transaction);
    for (const { evaluate } of plan.parameters.planned) evaluate(env);
    if (plan.isWrite && transaction.isReadOnly) throw new SqlFailure("25006", "the transaction is read-only");
    if (plan.table !== null) yield* useTable(transaction, plan.table);
    const { rows, count } = yield* plan.run({ database, transaction, env });
    return { rows: namedRows(plan.columns, rows), count };
  }

  /** LISTEN, UNLISTEN and NOTIFY take effect with the commit. Undefined for every other statement. */
  #subscribe(node: SqlNode, transaction: Transaction, params: readonly Json[]): SessionResult | undefined {
    if ("ListenStmt" in node) {
      transaction.subscriptions.push({ channel: node.ListenStmt.conditionname ?? "", isWanted: true });
    } else if ("UnlistenStmt" in node) {
      transaction.subscriptions.push({ channel: node.UnlistenStmt.conditionname ?? null, isWanted: false });
    } else if ("NotifyStmt" in node) {
      const { conditionname = "", payload = "" } = node.NotifyStmt;
      checkNotification(conditionname, payload);
      transaction.notify(conditionname, payload);
    } else return undefined;
    refuseParameters(params);
    return nothing;
  }

  #control({ kind, options = [], chain }: TransactionNode, params: readonly Json[]): SessionResult {
    refuseParameters(params);
    if (chain === true) throw unsupported("AND CHAIN");
    switch (kind) {
      case "TRANS_STMT_BEGIN":
      case "TRANS_STMT_START":
        // Inside a transaction the real server warns, and goes on with the one that is open.
        this.#transaction ??= this.#database.begin("read committed", false);
        this.status = "open";
        for (const option of options) choose(this.#transaction, option);
        return nothing;
      case "TRANS_STMT_COMMIT":
        // As in the real server, the commit of a failed transaction rolls it back, and says so in its tag only.
        this.status = "idle";
        this.#commit();
        return nothing;
      case "TRANS_STMT_ROLLBACK":
        this.end();
        return nothing;
      default:
        throw unsupported(`${kind}`);
    }
  }

  #set({ kind, name = "", args = [], is_local: isLocal }: SetNode, params: readonly Json[]): SessionResult {
    refuseParameters(params);
    const isKnown = name === "statement_timeout" || name === "lock_timeout";
    if (!isKnown || kind !== "VAR_SET_VALUE" || isLocal === true) throw unsupported(`SET ${name}`);
    if (this.status !== "idle") throw unsupported("SET inside a transaction");
    const [arg] = args;
    const value = arg !== undefined && "A_Const" in arg ? arg.A_Const.ival : undefined;
    // The parser leaves zeros out.
    const millis = value === undefined ? -1 : (value.ival ?? 0);
    if (millis < 0) throw unsupported(`SET ${name} to anything but milliseconds`);
    if (name === "lock_timeout") this.lockTimeout = millis;
    else this.statementTimeout = millis;
    return nothing;
  }

  #commit(): void {
    const transaction = this.#transaction;
    if (transaction === null) return;
    this.#transaction = null;
    this.#database.commit(transaction);
    for (const { channel, isWanted } of transaction.subscriptions) {
      if (channel === null) this.channels.clear();
      else if (isWanted) this.channels.add(channel);
      else this.channels.delete(channel);
    }
    for (const notification of transaction.notifications) this.#publish(notification);
  }

  #rollBack(): void {
    const transaction = this.#transaction;
    this.#transaction = null;
    if (transaction !== null && !transaction.isOver) this.#database.rollBack(transaction);
  }
}

/** Whether the statement ends a transaction block, which is all that a failed one allows. */
function isEnding(node: SqlNode): boolean {
  if (!("TransactionStmt" in node)) return false;
  const { kind } = node.TransactionStmt;
  return kind === "TRANS_STMT_COMMIT" || kind === "TRANS_STMT_ROLLBACK";
}

/** One option of BEGIN; stricter than before it can become only until the transaction has looked at anything. */
function choose(transaction: Transaction, option: SqlNode): void {
  if (!("DefElem" in option)) throw unsupported("an option of BEGIN");
  const { defname, arg } = option.DefElem;
  const value = arg !== undefined && "A_Const" in arg ? arg.A_Const : {};
  if (defname === "transaction_isolation") {
    const isolation = isolationNamed(value.sval?.sval ?? "");
    if (isolation !== transaction.isolation) refuseLate(transaction);
    transaction.isolation = isolation;
  } else if (defname === "transaction_read_only") {
    const isReadOnly = value.ival?.ival === 1;
    if (transaction.isReadOnly && !isReadOnly) refuseLate(transaction);
    transaction.isReadOnly = isReadOnly;
  } else throw unsupported(`${defname}`);
}

function refuseLate({ hasLooked }: Transaction): void {
  if (hasLooked) throw new SqlFailure("25001", "the transaction has begun to look");
}

function isolationNamed(name: string): Isolation {
  return name === "repeatable read" || name === "serializable" ? name : "read committed";
}

function refuseParameters(params: readonly Json[]): void {
  if (params.length > 0) throw new SqlFailure("08P01", `${params.length} parameters were given and none is needed`);
}
