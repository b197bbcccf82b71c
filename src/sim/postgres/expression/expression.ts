/** What an expression of a statement becomes: a function of its row and parameters, and what is known about it. */
import type { Json } from "../../../base/json.ts";
import type { SqlNode } from "../../../base/pg-parser.ts";
import { unsupported } from "../sql-failure.ts";
import type { Env } from "./scope.ts";
import type { SqlType } from "./value.ts";

export interface Expression {
  /** `unknown` for a literal or parameter whose type its surroundings decide. */
  readonly type: SqlType | "unknown";
  /** Name of the result column that it makes. */
  readonly name: string;
  readonly evaluate: (env: Env) => Json;
  /** It refers to no column. */
  readonly isConstant: boolean;
  /** Of unknown ones: the same in a type. */
  readonly settle?: (type: SqlType) => Expression;
  /** It is a column of the statement's table: its place. */
  readonly column?: number;
  /** It holds only where these columns of the statement's table equal these constants. */
  readonly equalities?: readonly { readonly column: number; readonly value: Expression }[];
}

/** Compiles a part of an expression, in the scope of the whole. */
export type Compile = (node: SqlNode) => Expression;

/** Name of a result column that nothing names. */
export const unnamed = "?column?";

/** Name of a node's kind, for refusals. */
export function kindOf(node: SqlNode): string {
  return Object.keys(node)[0] ?? "nothing";
}

/** A string's node, as lists of names have them. */
export function nameIn(node: SqlNode): string {
  if ("String" in node) return node.String.sval ?? "";
  throw unsupported(kindOf(node));
}
