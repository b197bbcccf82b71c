/** Lists of what a statement returns: SELECT's and RETURNING's. */
import type { Json } from "../../../base/json.ts";
import type { SqlNode } from "../../../base/pg-parser.ts";
import type { Values } from "../storage/table.ts";
import { unsupported } from "../sql-failure.ts";
import { settled } from "../expression/cast.ts";
import { compileExpression } from "../expression/compile.ts";
import { kindOf, nameIn, type Expression } from "../expression/expression.ts";
import type { Plan } from "./plan.ts";
import type { Env, Relation, Scope } from "../expression/scope.ts";
import type { SqlType } from "../expression/value.ts";

export interface TargetList {
  readonly columns: Plan["columns"];
  readonly expressions: readonly Expression[];
  readonly project: (env: Env) => Values;
}

/** Compiles a list; stars become the columns they stand for. */
export function compileTargets(nodes: readonly SqlNode[], scope: Scope): TargetList {
  const targets = nodes.flatMap((node) => compileTarget(node, scope));
  const expressions = targets.map(({ expression }) => expression);
  const project = (env: Env): Values => {
    const values: Json[] = [];
    for (const { evaluate } of expressions) values.push(evaluate(env));
    return values;
  };
  return {
    columns: targets.map(({ name, expression }) => ({ name, type: expression.type as SqlType })),
    expressions,
    project,
  };
}

interface Target {
  readonly name: string;
  readonly expression: Expression;
}

function compileTarget(node: SqlNode, scope: Scope): Target[] {
  if (!("ResTarget" in node)) throw unsupported(kindOf(node));
  const { name, val } = node.ResTarget;
  if ("ColumnRef" in val!) {
    const { fields = [] } = val.ColumnRef;
    if ("A_Star" in fields.at(-1)!) return star(fields.slice(0, -1).map(nameIn), scope);
  }
  const expression = settled(compileExpression(val!, scope), "text");
  return [{ name: name ?? expression.name, expression }];
}

function star(qualifier: readonly string[], scope: Scope): Target[] {
  const relations: readonly Relation[] = qualifier.length === 0 ? scope.relations : [scope.relation(qualifier[0]!)];
  if (relations.length === 0) throw unsupported("a star without a table");
  return relations.flatMap(({ name: relation, columns }) =>
    columns.map(({ name }) => {
      const fields = [{ String: { sval: relation } }, { String: { sval: name } }];
      return { name, expression: compileExpression({ ColumnRef: { fields } }, scope) };
    }),
  );
}
