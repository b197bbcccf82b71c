/** Functions: coalesce, greatest, least and pg_notify. */
import type { Json } from "../../../base/json.ts";
import type { SqlNode } from "../../../base/pg-parser.ts";
import { SqlFailure, unsupported } from "../sql-failure.ts";
import { castTo, commonType, settled } from "./cast.ts";
import { nameIn, type Compile, type Expression } from "./expression.ts";
import type { Env } from "./scope.ts";
import { compareValues, type SqlType } from "./value.ts";

type CallNode = Extract<SqlNode, { CoalesceExpr: unknown } | { MinMaxExpr: unknown } | { FuncCall: unknown }>;

/** Bytes that a notification may carry, and one more. */
const payloadLimit = 8_000;

/** Compiles a call. */
export function compileCall(node: CallNode, compile: Compile): Expression {
  if ("CoalesceExpr" in node) {
    const { args, type } = alike("COALESCE", node.CoalesceExpr.args ?? [], compile);
    return { ...constancy(args), type, name: "coalesce", evaluate: (env) => firstPresent(args, env) };
  }
  if ("MinMaxExpr" in node) {
    const isGreatest = node.MinMaxExpr.op === "IS_GREATEST";
    const { args, type } = alike(isGreatest ? "GREATEST" : "LEAST", node.MinMaxExpr.args ?? [], compile);
    const evaluate = (env: Env): Json => extreme(args, type, isGreatest ? 1 : -1, env);
    return { ...constancy(args), type, name: isGreatest ? "greatest" : "least", evaluate };
  }
  const { funcname = [], args: nodes = [], ...rest } = node.FuncCall;
  const name = nameIn(funcname.at(-1)!);
  if (name !== "pg_notify" || rest.agg_star || rest.agg_distinct || rest.over) throw unsupported(`function ${name}`);
  return notification(nodes.map((arg) => settled(compile(arg), "text")));
}

/** Refuses what the real server refuses in a notification, with 22023. */
export function checkNotification(channel: string, payload: string): void {
  if (channel === "") throw new SqlFailure("22023", "a channel has a name");
  if (channel.length >= 64) throw new SqlFailure("22023", "the channel's name is too long");
  if (payload.length >= payloadLimit) throw new SqlFailure("22023", "the payload is too long");
}

function notification(args: readonly Expression[]): Expression {
  const [channel, payload] = args;
  if (args.length !== 2 || args.some(({ type }) => type !== "text")) {
    throw new SqlFailure("42883", `no function pg_notify(${args.map(({ type }) => type).join(", ")})`);
  }
  const evaluate = (env: Env): Json => {
    const [to, what] = [channel!.evaluate(env) ?? "", payload!.evaluate(env) ?? ""] as [string, string];
    checkNotification(to, what);
    env.notify(to, what);
    return "";
  };
  return { type: "void", name: "pg_notify", isConstant: false, evaluate };
}

function alike(name: string, nodes: readonly SqlNode[], compile: Compile): { args: Expression[]; type: SqlType } {
  const args = nodes.map((node) => compile(node));
  const type = commonType(args);
  if (type === undefined) throw new SqlFailure("42804", `the arguments of ${name} have no common type`);
  return { type, args: args.map((arg) => castTo(arg, type, "assignment")) };
}

function constancy(args: readonly Expression[]): { readonly isConstant: boolean } {
  return { isConstant: args.every(({ isConstant }) => isConstant) };
}

function firstPresent(args: readonly Expression[], env: Env): Json {
  for (const { evaluate } of args) {
    const value = evaluate(env);
    if (value !== null) return value;
  }
  return null;
}

/** The greatest (or with `sign` -1 the least) of those that are not null. */
function extreme(args: readonly Expression[], type: SqlType, sign: number, env: Env): Json {
  let best: Json = null;
  for (const { evaluate } of args) {
    const value = evaluate(env);
    if (value === null) continue;
    if (best === null || compareValues(type, value, best) * sign > 0) best = value;
  }
  return best;
}
