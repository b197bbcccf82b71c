/** One SELECT in a batch: the input's rows or their groups, what is computed of them, DISTINCT, order and limit. */
import type { Json, JsonObject } from "../../base/json.ts";
import {
  aggregateOf,
  bounded,
  columnFields,
  constant,
  formula,
  mentionsAggregate,
  type Formula,
  type Meaning,
  type Subject,
} from "./expression.ts";
import { Input } from "./from.ts";
import {
  hasFailed,
  order,
  rowOrder,
  rowText,
  type Failure,
  type Outcome,
  type Relation,
  type Row,
} from "./relation.ts";
import { node, nodes, refuse, texts, UnknownSyntax, type SyntaxNode } from "./syntax-node.ts";

interface Target {
  readonly name: string;
  readonly value: Formula;
}

interface Counted extends Subject {
  readonly count: number;
}

interface Aggregate {
  readonly fn: "count" | "sum";
  /** What it is taken of; true for each row of `count(*)`. */
  readonly value: Formula;
}

/** Evaluates a SELECT over the relations that `read` gives. */
export function select(found: SyntaxNode, read: (name: string) => Relation): Relation {
  refuse(found, ["withClause", "intoClause", "windowClause", "lockingClause", "limitOffset", "groupDistinct"]);
  if (found.of["op"] !== "SETOP_NONE") throw new UnknownSyntax("a set operation");
  const { of } = found;
  const input = new Input(of["fromClause"], of["whereClause"], read);
  const aggregates: Aggregate[] = [];
  const meaning = meaningOver(input, aggregates);
  const targets = nodes(of["targetList"]).flatMap((target) => targetsOf(target, input, meaning));
  const sorting = nodes(of["sortClause"]).map(({ of: item }) => {
    return { value: sortValue(item["node"], targets, meaning), isDown: item["sortby_dir"] === "SORTBY_DESC" };
  });
  const having = of["havingClause"] === undefined ? () => true : formula(of["havingClause"], meaning);
  const errors = [...input.errors];
  const isGrouped = of["groupClause"] !== undefined || of["havingClause"] !== undefined;
  const subjects =
    isGrouped || mentionsAggregate(of["targetList"])
      ? groups(input, keysOf(of, input), aggregates, errors)
      : input.rows.map(([row, count]) => ({ row, count, aggregates: [] }));
  const rows: Sortable[] = [];
  for (const subject of subjects) {
    const kept = having(subject);
    if (hasFailed(kept)) errors.push(kept);
    if (kept !== true) continue;
    const values = valuesOf([...targets, ...sorting], subject, errors);
    if (values === undefined) continue;
    rows.push({ row: values.slice(0, targets.length), by: values.slice(targets.length), count: subject.count });
  }
  const ordered = merged(rows, of["distinctClause"] !== undefined).toSorted((a, b) => {
    const differing = sorting.findIndex((_, at) => a.by[at] !== b.by[at]);
    if (differing < 0) return rowOrder(a.row, b.row);
    return order(a.by[differing]!, b.by[differing]!) * (sorting[differing]!.isDown ? -1 : 1);
  });
  return { columns: targets.map(({ name }) => name), rows: limited(ordered, of["limitCount"]), errors };
}

interface Sortable {
  readonly row: Row;
  /** Values that ORDER BY goes by. */
  readonly by: Row;
  readonly count: number;
}

function meaningOver(input: Input, aggregates: Aggregate[]): Meaning {
  const inner: Meaning = {
    column: input.column,
    aggregate: () => {
      throw new UnknownSyntax("an aggregate of an aggregate");
    },
  };
  return {
    column: input.column,
    aggregate: (call) => {
      const { fn, argument } = aggregateOf(call);
      return aggregates.push({ fn, value: argument === undefined ? () => true : formula(argument, inner) }) - 1;
    },
  };
}

function targetsOf({ of }: SyntaxNode, input: Input, meaning: Meaning): readonly Target[] {
  const fields = columnFields(of["val"]);
  if (fields?.at(-1) === "*")
    return input.star(fields.length > 1 ? fields[0] : undefined).map(([name, place]) => {
      return { name, value: ({ row }) => row[place] ?? null };
    });
  return [{ name: (of["name"] as string | undefined) ?? nameOf(of["val"]), value: formula(of["val"], meaning) }];
}

function nameOf(json: Json | undefined): string {
  const { kind, of } = node(json);
  if (kind === "ColumnRef") return texts(of["fields"]).at(-1)!;
  if (kind === "FuncCall") return texts(of["funcname"]).at(-1)!;
  return kind === "CoalesceExpr" ? "coalesce" : "?column?";
}

/** A number or a name means a column of the result, anything else is computed. */
function sortValue(json: Json | undefined, targets: readonly Target[], meaning: Meaning): Formula {
  const fields = columnFields(json);
  const named = fields?.length === 1 ? targets.find(({ name }) => name === fields[0]) : undefined;
  return named?.value ?? numbered(json, targets) ?? formula(json, meaning);
}

function numbered(json: Json | undefined, targets: readonly Target[]): Formula | undefined {
  const found = node(json);
  const place = found.kind === "A_Const" ? constant(found) : null;
  return typeof place === "number" ? targets[place - 1]!.value : undefined;
}

function keysOf(of: JsonObject, input: Input): readonly { readonly value: Formula }[] {
  const meaning = meaningOver(input, []);
  const selected = nodes(of["targetList"]);
  return ((of["groupClause"] ?? []) as readonly Json[]).map((json) => {
    const found = node(json);
    if (found.kind === "A_Const") {
      const place = constant(found);
      if (typeof place === "number") return { value: formula(selected[place - 1]!.of["val"], meaning) };
    }
    const fields = columnFields(json);
    const alias = fields?.length === 1 && !input.has(fields[0]!) ? fields[0] : undefined;
    const target = selected.find((candidate) => candidate.of["name"] === alias && alias !== undefined);
    return { value: formula(target === undefined ? json : target.of["val"], meaning) };
  });
}

/** Values of several formulas; undefined when one fails, which is noted. */
function valuesOf(
  formulas: readonly { readonly value: Formula }[],
  subject: Subject,
  errors: Failure[],
): Row | undefined {
  const outcomes: Outcome[] = formulas.map(({ value }) => value(subject));
  const failures = outcomes.filter(hasFailed);
  errors.push(...failures);
  return failures.length > 0 ? undefined : (outcomes as Row);
}

interface Group {
  readonly row: Row;
  readonly counts: number[];
  readonly sums: bigint[];
}

/** One subject per group; without keys there is one group, whatever the input. */
function groups(
  input: Input,
  keys: readonly { readonly value: Formula }[],
  aggregates: readonly Aggregate[],
  errors: Failure[],
): readonly Counted[] {
  const found = new Map<string, Group>();
  const fresh = (row: Row): Group => ({ row, counts: aggregates.map(() => 0), sums: aggregates.map(() => 0n) });
  if (keys.length === 0) found.set(rowText([]), fresh(input.rows[0]?.[0] ?? []));
  for (const [row, count] of input.rows) {
    const subject = { row, aggregates: [] };
    const key = valuesOf(keys, subject, errors);
    const values = valuesOf(aggregates, subject, errors);
    if (key === undefined || values === undefined) continue;
    const text = rowText(key);
    const group = found.get(text) ?? fresh(row);
    found.set(text, group);
    values.forEach((value, at) => {
      if (value === null) return;
      group.counts[at]! += count;
      if (typeof value === "number") group.sums[at]! += BigInt(value) * BigInt(count);
    });
  }
  return [...found.values()].flatMap((group) => {
    const results = aggregates.map(({ fn }, at) => {
      if (fn === "count") return group.counts[at]!;
      return group.counts[at] === 0 ? null : bounded(group.sums[at]!);
    });
    const failures = results.filter(hasFailed);
    errors.push(...failures);
    return failures.length > 0 ? [] : [{ row: group.row, aggregates: results as Row, count: 1 }];
  });
}

/** Equal rows together; each once for DISTINCT. */
function merged(rows: readonly Sortable[], isDistinct: boolean): readonly Sortable[] {
  const found = new Map<string, Sortable>();
  for (const entry of rows) {
    const text = rowText([...entry.row, ...entry.by]);
    const count = isDistinct ? 1 : entry.count + (found.get(text)?.count ?? 0);
    found.set(text, { ...entry, count });
  }
  return [...found.values()];
}

function limited(rows: readonly Sortable[], limit: Json | undefined): readonly (readonly [Row, number])[] {
  let left = limit === undefined ? Number.MAX_SAFE_INTEGER : Number(constant(node(limit)));
  return rows.flatMap(({ row, count }) => {
    const taken = Math.min(count, left);
    left -= taken;
    return taken > 0 ? [[row, taken] as const] : [];
  });
}
