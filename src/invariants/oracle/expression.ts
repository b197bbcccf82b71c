/**
 * Expressions of the syntax tree, made into functions over a row. Integers are computed without bounds and checked at
 * the end of each operation. What decides AND and OR wins over errors, errors over NULL; COALESCE stops at what is known.
 */
import type { Json, JsonObject } from "../../base/json.ts";
import { hasFailed, type Failure, type Outcome, type Row, type Value } from "./relation.ts";
import { node, nodes, refuse, texts, UnknownSyntax, type SyntaxNode } from "./syntax-node.ts";

/** What an expression is evaluated over: a row of the input, and of a group its aggregates. */
export interface Subject {
  readonly row: Row;
  readonly aggregates: readonly Value[];
}

export type Formula = (subject: Subject) => Outcome;

/** Meaning of what is not an operator. */
export interface Meaning {
  /** Place of a column in the row. */
  readonly column: (fields: readonly string[]) => number;
  /** Place of an aggregate among those of the query. */
  readonly aggregate: (call: SyntaxNode) => number;
}

const overflow: Failure = { code: "22003", message: "integer out of range" };
const byZero: Failure = { code: "22012", message: "division by zero" };
const bound = 2n ** 53n - 1n;

/** Makes a formula of an expression. */
export function formula(json: Json | undefined, meaning: Meaning): Formula {
  const found = node(json);
  const { kind, of } = found;
  switch (kind) {
    case "ColumnRef": {
      const place = meaning.column(texts(of["fields"]));
      return ({ row }) => row[place] ?? null;
    }
    case "A_Const": {
      const value = constant(found);
      return () => value;
    }
    case "FuncCall": {
      if (isPanic(found)) return panic(formulas(of["args"], meaning));
      const place = meaning.aggregate(found);
      return ({ aggregates }) => aggregates[place]!;
    }
    case "NullTest": {
      const argument = formula(of["arg"], meaning);
      const wanted = of["nulltesttype"] === "IS_NULL";
      return (subject) => {
        const value = argument(subject);
        return hasFailed(value) ? value : (value === null) === wanted;
      };
    }
    case "CoalesceExpr":
      return coalesce(formulas(of["args"], meaning));
    case "BoolExpr":
      return boolean(of, meaning);
    case "A_Expr":
      return operator(found, meaning);
    default:
      throw new UnknownSyntax(`expression ${kind}`);
  }
}

/** An integer, or the failure that it is too large to be one. */
export function bounded(value: bigint): number | Failure {
  return value > bound || value < -bound ? overflow : Number(value);
}

/** Whether all conditions hold, as WHERE judges: a false one wins, then errors, then NULL. */
export function conjunction(conditions: readonly Formula[]): Formula {
  return junction(conditions, false);
}

function formulas(json: Json | undefined, meaning: Meaning): readonly Formula[] {
  return ((json ?? []) as readonly Json[]).map((item) => formula(item, meaning));
}

/** A constant's value; the parser leaves out zero, false and the empty text. */
export function constant({ of }: SyntaxNode): Value {
  if (of["isnull"] === true) return null;
  const inner = (member: string): Json | undefined => (of[member] as JsonObject | undefined)?.[member];
  if ("ival" in of) return (inner("ival") as number | undefined) ?? 0;
  if ("boolval" in of) return (inner("boolval") as boolean | undefined) ?? false;
  if ("sval" in of) return (inner("sval") as string | undefined) ?? "";
  const number = Number(inner("fval"));
  if (Number.isSafeInteger(number)) return number;
  throw new UnknownSyntax("a constant that is no safe integer");
}

/** A function for tests, which ends replicas: where it has a value, there is no answer that it could be part of. */
function panic([argument]: readonly Formula[]): Formula {
  return (subject) => {
    const value = argument!(subject);
    return value === null || hasFailed(value) ? value : { code: "XX000", message: `mz_panic: ${String(value)}` };
  };
}

function isPanic({ kind, of }: SyntaxNode): boolean {
  return kind === "FuncCall" && texts(of["funcname"]).join(".") === "mz_panic";
}

function coalesce(args: readonly Formula[]): Formula {
  return (subject) => {
    let value: Outcome = null;
    for (let index = 0; index < args.length && value === null; index++) value = args[index]!(subject);
    return value;
  };
}

function boolean(of: JsonObject, meaning: Meaning): Formula {
  const args = formulas(of["args"], meaning);
  if (of["boolop"] === "AND_EXPR") return junction(args, false);
  if (of["boolop"] === "OR_EXPR") return junction(args, true);
  return (subject) => {
    const value = args[0]!(subject);
    return typeof value === "boolean" ? !value : value;
  };
}

function junction(args: readonly Formula[], decisive: boolean): Formula {
  return (subject) => {
    const values = args.map((arg) => arg(subject));
    if (values.includes(decisive)) return decisive;
    return values.find(hasFailed) ?? (values.includes(null) ? null : !decisive);
  };
}

function operator(found: SyntaxNode, meaning: Meaning): Formula {
  const { of } = found;
  if (of["kind"] !== "AEXPR_OP") throw new UnknownSyntax(`expression ${JSON.stringify(of["kind"])}`);
  const [name] = texts(of["name"]);
  const sides = ["lexpr", "rexpr"].filter((side) => side in of).map((side) => formula(of[side], meaning));
  const compute = sides.length === 1 ? unary[name!] : binary[name!];
  if (compute === undefined) throw new UnknownSyntax(`operator ${name!}`);
  return (subject) => {
    const values = sides.map((side) => side(subject));
    const failure = values.find(hasFailed);
    if (failure !== undefined) return failure;
    return values.includes(null) ? null : compute(values as Known[]);
  };
}

type Known = boolean | number | string;
type Compute = (values: readonly Known[]) => Outcome;

const integers = (compute: (a: bigint, b: bigint) => bigint | Failure): Compute => {
  return ([a, b]) => {
    const result = compute(BigInt(a!), BigInt(b ?? 0));
    return typeof result === "bigint" ? bounded(result) : result;
  };
};

const unary: Readonly<Record<string, Compute>> = { "-": integers((a) => -a) };

const binary: Readonly<Record<string, Compute>> = {
  "=": ([a, b]) => a === b,
  "<>": ([a, b]) => a !== b,
  "<": ([a, b]) => a! < b!,
  "<=": ([a, b]) => !(a! > b!),
  ">": ([a, b]) => a! > b!,
  ">=": ([a, b]) => !(a! < b!),
  "||": ([a, b]) => String(a) + String(b),
  "+": integers((a, b) => a + b),
  "-": integers((a, b) => a - b),
  "*": integers((a, b) => a * b),
  "/": integers((a, b) => (b === 0n ? byZero : a / b)),
  "%": integers((a, b) => (b === 0n ? byZero : a % b)),
};

/** Kind and argument of an aggregate; undefined argument: `count(*)`. */
export function aggregateOf(call: SyntaxNode): { readonly fn: "count" | "sum"; readonly argument: Json | undefined } {
  refuse(call, ["agg_distinct", "agg_filter", "agg_order", "over", "func_variadic", "agg_within_group"]);
  const fn = texts(call.of["funcname"]).join(".");
  if (fn !== "count" && fn !== "sum") throw new UnknownSyntax(`function ${fn}`);
  const args = (call.of["args"] ?? []) as readonly Json[];
  if (args.length > 1) throw new UnknownSyntax(`${fn} of several arguments`);
  return { fn, argument: args[0] };
}

/** Whether an aggregate stands anywhere in an expression. */
export function mentionsAggregate(json: Json | undefined): boolean {
  if (typeof json !== "object" || json === null) return false;
  if ("FuncCall" in json && !isPanic(node(json as JsonObject))) return true;
  return Object.values(json as JsonObject).some(mentionsAggregate);
}

/** Parts of a condition that AND holds together. */
export function parts(json: Json | undefined): readonly Json[] {
  if (json === undefined) return [];
  const found = node(json);
  const isAnd = found.kind === "BoolExpr" && found.of["boolop"] === "AND_EXPR";
  return isAnd ? (found.of["args"] as readonly Json[]).flatMap(parts) : [json];
}

/** Names that a column reference consists of; undefined for other expressions. */
export function columnFields(json: Json | undefined): readonly string[] | undefined {
  const [found] = nodes([json ?? null]);
  return found?.kind === "ColumnRef" ? texts(found.of["fields"]) : undefined;
}
