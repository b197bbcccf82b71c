/** Plans computed the plain way, over whole contents at one time: what dataflows are compared with. */
import type { Datum, Entry, Row } from "../../../src/engine/collection.ts";
import type { Evaluate } from "../../../src/engine/dataflow/operators/operator.ts";
import type { Plan, Scalar } from "../../../src/engine/sql/plan.ts";

/** Contents by the text of each element. */
export type Bag = Map<string, { readonly entry: Entry; count: number }>;

export function bag(entries: Iterable<readonly [Entry, number]>): Bag {
  const made: Bag = new Map();
  for (const [entry, count] of entries) {
    const text = JSON.stringify(entry);
    const held = made.get(text) ?? { entry, count: 0 };
    held.count += count;
    made.set(text, held);
    if (held.count === 0) made.delete(text);
  }
  return made;
}

export const texts = (contents: Bag): readonly string[] =>
  [...contents].map(([text, { count }]) => `${text} x${count}`).toSorted();

/** A few functions over integers, with NULL and one failure: enough to tell rows apart. */
export const evaluate: Evaluate = (scalar, row) => {
  if (scalar.kind === "column") return row[scalar.index]!;
  if (scalar.kind === "literal") return scalar.value;
  const args: Datum[] = [];
  for (const argument of scalar.args) {
    const value = evaluate(argument, row);
    if (typeof value === "object" && value !== null) return value;
    args.push(value);
  }
  if (args.includes(null)) return null;
  const [a, b] = args as number[];
  if (scalar.fn === "+") return a! + b!;
  if (scalar.fn === "<") return a! < b!;
  if (scalar.fn === "/") return b === 0 ? { code: "22012", message: "division by zero" } : Math.trunc(a! / b!) + 0;
  throw new Error(`not in these tests: ${scalar.fn}`);
};

type Contents = readonly (readonly [Entry, number])[];

const isRow = (entry: Entry): entry is Row => Array.isArray(entry);

function each(contents: Contents, make: (row: Row) => readonly Entry[]): Contents {
  return contents.flatMap(([entry, count]) =>
    (isRow(entry) ? make(entry) : [entry]).map((made) => [made, count] as const),
  );
}

function values(scalars: readonly Scalar[], row: Row): Entry {
  const made = scalars.map((scalar) => evaluate(scalar, row));
  const failure = made.find((value) => typeof value === "object" && value !== null);
  if (failure === undefined) return made as Datum[];
  return { ...(failure as { code: string; message: string }), identity: JSON.stringify(row) };
}

export function naive(plan: Plan, sources: ReadonlyMap<string, Bag>): Bag {
  return bag(compute(plan, sources));
}

function compute(plan: Plan, sources: ReadonlyMap<string, Bag>): Contents {
  switch (plan.kind) {
    case "get":
      return [...sources.get(plan.id)!.values()].map(({ entry, count }) => [entry, count]);
    case "constant":
      return plan.rows.map((row) => [row, 1]);
    case "map":
      return each(compute(plan.input, sources), (row) => [values(plan.scalars, row)]);
    case "filter":
      return each(compute(plan.input, sources), (row) => {
        const [value] = [values([plan.predicate], row)];
        return isRow(value) ? (value[0] === true ? [row] : []) : [value];
      });
    case "join":
      return join(plan, compute(plan.left, sources), compute(plan.right, sources));
    case "reduce":
      return reduce(plan, compute(plan.input, sources));
  }
}

function join(plan: Extract<Plan, { kind: "join" }>, left: Contents, right: Contents): Contents {
  const made: (readonly [Entry, number])[] = [...left, ...right].filter(([entry]) => !isRow(entry));
  for (const [row, count] of left) {
    for (const [other, times] of right) {
      if (!isRow(row) || !isRow(other)) continue;
      const isPair = plan.leftKey.every((column, place) => {
        const value = row[column];
        return value !== null && value === other[plan.rightKey[place]!];
      });
      if (isPair) made.push([[...row, ...other], count * times]);
    }
  }
  return made;
}

function reduce(plan: Extract<Plan, { kind: "reduce" }>, input: Contents): Contents {
  const one: Scalar = { kind: "literal", value: true };
  const columns = [...plan.key, ...plan.aggregates.map(({ argument }) => argument ?? one)];
  const prepared = each(input, (row) => [values(columns, row)]);
  const groups = new Map<string, (readonly [Row, number])[]>();
  if (plan.key.length === 0) groups.set("[]", []);
  for (const [row, count] of [...bag(prepared).values()].map(({ entry, count: times }) => [entry, times] as const)) {
    if (!isRow(row)) continue;
    const key = JSON.stringify(row.slice(0, plan.key.length));
    groups.set(key, [...(groups.get(key) ?? []), [row, count]]);
  }
  const rows = [...groups].map(([key, members]) => {
    const results = plan.aggregates.map(({ fn }, place): Datum => {
      const present = members.filter(([row]) => row[plan.key.length + place] !== null);
      if (fn === "count") return present.reduce((total, [, count]) => total + count, 0);
      if (present.length === 0) return null;
      return present.reduce((total, [row, count]) => total + Number(row[plan.key.length + place]) * count, 0);
    });
    return [[...(JSON.parse(key) as Datum[]), ...results], 1] as const;
  });
  return [...prepared.filter(([entry]) => !isRow(entry)), ...rows];
}
