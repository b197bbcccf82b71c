/** Statements that one server process has seen: parsed and compiled once for each text. */
import { parseSql, type ParsedSql } from "../../base/pg-parser.ts";
import type { SqlNode } from "../../base/pg-parser.ts";
import { prepare } from "./statement/prepare.ts";
import type { PreparedPlan } from "./statement/plan.ts";
import type { Database } from "./storage/database.ts";
import type { Transaction } from "./storage/transaction.ts";

interface Known {
  readonly parsed: ParsedSql;
  plan: PreparedPlan | null;
}

/** A text, its only statement, and whether it comes without parameters. */
export interface PlanRequest {
  readonly text: string;
  readonly node: SqlNode;
  readonly isBare: boolean;
}

/** So many texts are kept; then all are forgotten, which costs time and changes nothing. */
const knownMost = 2_000;

export class StatementCache {
  readonly #known = new Map<string, Known>();

  parse(text: string): ParsedSql {
    return this.#entry(text).parsed;
  }

  /** The plan of a text's only statement; compiled anew when its table's name means another table than before. */
  plan({ text, node, isBare }: PlanRequest, database: Database, transaction: Transaction): PreparedPlan {
    const entry = this.#entry(text);
    const { plan } = entry;
    const isGood =
      plan !== null && (plan.tableName === null || database.find(transaction, plan.tableName) === plan.table);
    if (isGood) return plan;
    entry.plan = prepare(node, database, transaction, isBare);
    return entry.plan;
  }

  #entry(text: string): Known {
    let entry = this.#known.get(text);
    if (entry === undefined) {
      if (this.#known.size >= knownMost) this.#known.clear();
      entry = { parsed: parseSql(text), plan: null };
      this.#known.set(text, entry);
    }
    return entry;
  }
}
