/**
 * The independent judge of queries: evaluates SQL over whole relations at once, straight from PostgreSQL's syntax tree.
 * It shares no code with any engine that it judges, and is written to be obviously right, not fast. `loadPgParser` comes
 * before. What it takes a query to mean: equalities between columns of two joined relations come before the other
 * conditions; a false conjunct beats an error, an error beats NULL; what is not selected is still not skipped.
 */
import type { Json } from "../../base/json.ts";
import { parseSql } from "../../base/pg-parser.ts";
import { formula } from "./expression.ts";
import { hasFailed, rowOrder, rowText, smallest, type Failure, type Relation, type Row } from "./relation.ts";
import { select } from "./select.ts";
import { node, nodes, refuse, texts, UnknownSyntax, type SyntaxNode } from "./syntax-node.ts";

/** Rows in the order of the answer, equal ones together; or the smallest of the errors. */
export type BatchOutcome =
  | { readonly ok: true; readonly columns: readonly string[]; readonly rows: readonly (readonly [Row, number])[] }
  | { readonly ok: false; readonly error: Failure };

/**
 * What a query answers over these relations. `views` are definitions by name, as statements that create them or as bare
 * queries; relations come before views of the same name. `AS OF` at the end is passed over: the relations are of that
 * time. Throws `UnknownSyntax` for what the oracle cannot judge. Who asks again and again hands over `parses`, which keeps
 * the syntax of each text.
 */
export function batchEvaluate(
  sql: string,
  relations: ReadonlyMap<string, Relation>,
  views: ReadonlyMap<string, string> = new Map(),
  parses: Map<string, SyntaxNode> = new Map(),
): BatchOutcome {
  const statement = (text: string): SyntaxNode => {
    const parsed = parses.get(text) ?? statementOf(text);
    parses.set(text, parsed);
    return parsed;
  };
  const known = new Map(relations);
  const read = (name: string): Relation => {
    let relation = known.get(name);
    if (relation === undefined) {
      const definition = views.get(name);
      if (definition === undefined) throw new UnknownSyntax(`relation ${name}`);
      relation = contents(statement(definition), read);
      known.set(name, relation);
    }
    return relation;
  };
  const { columns, rows, errors } = contents(statement(sql), read);
  const error = smallest(errors);
  return error === undefined ? { ok: true, columns, rows } : { ok: false, error };
}

/** Whether two answers hold the same rows equally often, in whatever order. */
export function sameRows(a: BatchRows, b: BatchRows): boolean {
  const [first, second] = [consolidated(a), consolidated(b)];
  return first.length === second.length && first.every((entry, index) => rowText(entry) === rowText(second[index]!));
}

type BatchRows = readonly (readonly [row: Row, count: number])[];

function consolidated(rows: BatchRows): readonly Row[] {
  const counts = new Map<string, readonly [Row, number]>();
  for (const [row, count] of rows) counts.set(rowText(row), [row, count + (counts.get(rowText(row))?.[1] ?? 0)]);
  const present = [...counts.values()].filter(([, count]) => count !== 0);
  return present.toSorted(([x], [y]) => rowOrder(x, y)).map(([row, count]) => [...row, count]);
}

function statementOf(sql: string): SyntaxNode {
  const parsed = parseSql(sql.replace(/\bAS\s+OF\s+\d+\s*;?\s*$/i, ""));
  const [statement] = parsed.ok ? parsed.statements : [];
  if (statement === undefined) throw new UnknownSyntax(`no statement: ${sql}`);
  return node(statement as unknown as Json);
}

function contents(statement: SyntaxNode, read: (name: string) => Relation): Relation {
  const { kind, of } = statement;
  if (kind === "ViewStmt") return renamed(contents(node(of["query"]), read), texts(of["aliases"]));
  if (kind === "CreateTableAsStmt") {
    const into = of["into"] as { readonly [member: string]: Json };
    return renamed(contents(node(of["query"]), read), texts(into["colNames"]));
  }
  if (kind !== "SelectStmt") throw new UnknownSyntax(`statement ${kind}`);
  if (!("valuesLists" in of)) return select(statement, read);
  refuse(statement, ["sortClause", "limitCount", "limitOffset", "withClause"]);
  return values(of["valuesLists"]);
}

function renamed(relation: Relation, names: readonly string[]): Relation {
  return { ...relation, columns: relation.columns.map((column, index) => names[index] ?? column) };
}

function values(lists: Json | undefined): Relation {
  const meaning = {
    column: (fields: readonly string[]) => {
      throw new UnknownSyntax(`column ${fields.join(".")} in VALUES`);
    },
    aggregate: () => {
      throw new UnknownSyntax("an aggregate in VALUES");
    },
  };
  const computed = nodes(lists).map(({ of }) =>
    (of["items"] as readonly Json[]).map((item) => formula(item, meaning)({ row: [], aggregates: [] })),
  );
  const errors = computed.flatMap((row) => row.filter(hasFailed));
  const columns = (computed[0] ?? []).map((_, index) => `column${index + 1}`);
  return { columns, rows: errors.length > 0 ? [] : computed.map((row) => [row as Row, 1]), errors };
}
