/** Random queries of the whole subset that the engine plans, well typed, over two tables and two views; and their data. */
import fc from "fast-check";
import type { ColumnType, Row } from "../../../src/engine/collection.ts";

interface Col {
  readonly text: string;
  readonly type: ColumnType;
}

interface Source {
  readonly from: string;
  /** Conditions that WHERE must begin with. */
  readonly where: readonly string[];
  readonly columns: readonly Col[];
}

export const tables = ["CREATE TABLE t (a int, b int, c text, d bool)", "CREATE TABLE u (a int, e int, f text)"];

const columnsOf: Readonly<Record<string, readonly Col[]>> = {
  t: [col("a", "int"), col("b", "int"), col("c", "text"), col("d", "bool")],
  u: [col("a", "int"), col("e", "int"), col("f", "text")],
};

function col(text: string, type: ColumnType): Col {
  return { text, type };
}

function qualified(alias: string, columns: readonly Col[]): readonly Col[] {
  return columns.map(({ text, type }) => col(`${alias}.${text}`, type));
}

const number = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: -2, max: 3 }) },
  fc.constantFrom(9007199254740991, -9007199254740991, 4503599627370496),
);
const value = {
  int: fc.oneof({ weight: 5, arbitrary: number }, fc.constant(null)),
  text: fc.constantFrom("", "x", "y", "it's", null),
  bool: fc.constantFrom(true, false, null),
};

/** Rows of `t` and `u`, with how often each is there. */
export const contents = fc.record({
  t: fc.array(fc.tuple(fc.tuple(value.int, value.int, value.text, value.bool), fc.integer({ min: 1, max: 3 })), {
    maxLength: 6,
  }),
  u: fc.array(fc.tuple(fc.tuple(value.int, value.int, value.text), fc.integer({ min: 1, max: 2 })), { maxLength: 5 }),
}) as fc.Arbitrary<{ readonly t: Counted; readonly u: Counted }>;
type Counted = readonly (readonly [Row, number])[];

const literals: Readonly<Record<ColumnType, fc.Arbitrary<string>>> = {
  int: fc.oneof({ weight: 6, arbitrary: number.map(String) }, fc.constant("NULL")),
  text: fc.constantFrom("''", "'x'", "'it''s'", "NULL"),
  bool: fc.constantFrom("true", "false", "NULL"),
};

/** One of several, only that one being built. */
function one<T>(...made: readonly (() => fc.Arbitrary<T>)[]): fc.Arbitrary<T> {
  return fc.nat({ max: made.length - 1 }).chain((index) => made[index]!());
}

/** An expression of a type over columns. */
function expression(type: ColumnType, columns: readonly Col[], depth: number): fc.Arbitrary<string> {
  const own = columns.filter((column) => column.type === type).map(({ text }) => text);
  const leaf = () =>
    own.length === 0 ? literals[type] : fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...own) }, literals[type]);
  if (depth === 0) return leaf();
  const of = (inner: ColumnType) => expression(inner, columns, depth - 1);
  const pair = (inner: ColumnType, ...operators: readonly string[]) => {
    return fc.tuple(of(inner), fc.constantFrom(...operators), of(inner)).map(([a, op, b]) => `(${a} ${op} ${b})`);
  };
  const coalesce = () => fc.tuple(of(type), of(type)).map(([a, b]) => `coalesce(${a}, ${b})`);
  const anyType = fc.constantFrom<ColumnType>("int", "text", "bool");
  const isNull = fc.constantFrom("IS NULL", "IS NOT NULL");
  switch (type) {
    case "int":
      return one(
        leaf,
        () => pair("int", "+", "-", "*"),
        () => pair("int", "/", "%"),
        () => of("int").map((a) => `(- ${a})`),
        coalesce,
      );
    case "text":
      return one(leaf, leaf, () => pair("text", "||"), coalesce);
    case "bool":
      return one(
        leaf,
        () => anyType.chain((inner) => pair(inner, "=", "<>", "<", "<=", ">", ">=")),
        () => pair("bool", "AND", "OR"),
        () => of("bool").map((a) => `(NOT ${a})`),
        () => anyType.chain((inner) => fc.tuple(of(inner), isNull).map(([a, is]) => `(${a} ${is})`)),
        coalesce,
      );
  }
}

function typed(columns: readonly Col[], depth: number): fc.Arbitrary<Col> {
  return fc
    .constantFrom<ColumnType>("int", "text", "bool")
    .chain((type) => expression(type, columns, depth).map((text) => ({ text, type })));
}

/** Relations that may stand in FROM, with their columns. */
type Known = Readonly<Record<string, readonly Col[]>>;

function source(known: Known): fc.Arbitrary<Source> {
  const single = fc.constantFrom(...Object.keys(known)).map((name) => plain(name, known[name]!));
  const two = fc.tuple(fc.constantFrom(...Object.keys(known)), fc.constantFrom(...Object.keys(known)));
  const joined = two.chain(([left, right]) => {
    const [x, y] = [qualified("x", known[left]!), qualified("y", known[right]!)];
    const all = [...x, ...y];
    const pairs = x.flatMap((a) => y.filter(({ type }) => type === a.type).map((b) => `${a.text} = ${b.text}`));
    if (pairs.length === 0) return fc.constant(plain(left, known[left]!));
    const equal = fc.constantFrom(...pairs);
    const shared = known[left]!.filter((a) => known[right]!.some((b) => b.text === a.text && b.type === a.type));
    const names = [`${left} AS x`, `${right} AS y`] as const;
    const forms = [
      equal.map((on): Source => ({ from: `${names[0]}, ${names[1]}`, where: [on], columns: all })),
      fc.tuple(equal, expression("bool", all, 1)).map(([on, more]): Source => {
        return { from: `${names[0]} JOIN ${names[1]} ON ${on} AND ${more}`, where: [], columns: all };
      }),
      ...shared.map(({ text }) =>
        fc.constant<Source>({ from: `${names[0]} JOIN ${names[1]} USING (${text})`, where: [], columns: all }),
      ),
    ];
    return fc.oneof(...forms);
  });
  return fc.oneof(single, joined);
}

function plain(name: string, columns: readonly Col[]): Source {
  return { from: name, where: [], columns };
}

interface Shape {
  readonly sql: string;
  readonly columns: readonly Col[];
}

/** NULL of no type would become a text. */
function definite({ text, type }: Col): string {
  if (!/^(?:coalesce|NULL|[(), ])+$/.test(text)) return text;
  return { int: "(NULL + 0)", text: "(NULL || '')", bool: "(NULL AND true)" }[type];
}

/** A SELECT without order and limit, whose columns are `o1`, `o2` … */
function select(known: Known): fc.Arbitrary<Shape> {
  return source(known).chain(({ from, where, columns }) => {
    const conditions = fc.array(expression("bool", columns, 2), { maxLength: 2 }).map((more) => {
      const all = [...where, ...more];
      return all.length === 0 ? "" : ` WHERE ${all.join(" AND ")}`;
    });
    const rows = fc
      .tuple(fc.boolean(), fc.array(typed(columns, 2), { minLength: 1, maxLength: 3 }), conditions)
      .map(([isDistinct, items, filter]) => shape(isDistinct, items, `FROM ${from}${filter}`));
    return fc.oneof(rows, grouped(from, columns, conditions));
  });
}

function grouped(from: string, columns: readonly Col[], conditions: fc.Arbitrary<string>): fc.Arbitrary<Shape> {
  return fc.tuple(fc.array(typed(columns, 1), { maxLength: 2 }), conditions).chain(([found, filter]) => {
    // A number or a bare constant in GROUP BY would mean a column of the result.
    const named = found.filter(({ text }) => /[a-z]/.test(text) && text !== "true" && text !== "false");
    // `(a AND b) AND c` is parsed as one AND of three, in which the key `(a AND b)` is not found.
    const keys = named.map(({ text, type }) => col(/AND|OR/.test(text) ? `coalesce(${text}, NULL)` : text, type));
    const sum = expression("int", columns, 1).map((text) => col(`sum(${text})`, "int"));
    const count = typed(columns, 1).map(({ text }) => col(`count(${text})`, "int"));
    const aggregates = fc.array(fc.oneof(fc.constant(col("count(*)", "int")), sum, count), {
      minLength: 1,
      maxLength: 2,
    });
    return aggregates.chain((made) => {
      const all = [...keys, ...made];
      const items = fc.array(fc.oneof(fc.constantFrom(...all), typed(all, 1)), { minLength: 1, maxLength: 3 });
      const having = fc.option(expression("bool", all, 1), { nil: undefined });
      return fc.tuple(items, having).map(([selected, condition]) => {
        const by = keys.length === 0 ? "" : ` GROUP BY ${keys.map(({ text }) => text).join(", ")}`;
        // Without a key or an aggregate it would be another query.
        const tail = `${by} HAVING ${condition ?? "count(*) >= 0"}`;
        return shape(false, selected, `FROM ${from}${filter}${tail}`);
      });
    });
  });
}

function shape(isDistinct: boolean, items: readonly Col[], tail: string): Shape {
  const list = items.map((item, index) => `${definite(item)} AS o${index + 1}`).join(", ");
  const columns = items.map(({ type }, index) => col(`o${index + 1}`, type));
  return { sql: `SELECT ${isDistinct ? "DISTINCT " : ""}${list} ${tail}`, columns };
}

export interface RandomQuery {
  /** Statements that create views `v` and `w`, in order. */
  readonly views: readonly [v: string, w: string];
  readonly sql: string;
}

/** Two views, the second over the first or not, and a query over tables and views. */
export const queries: fc.Arbitrary<RandomQuery> = select(columnsOf).chain((v) =>
  select({ ...columnsOf, v: v.columns }).chain((w) => {
    const known = { ...columnsOf, v: v.columns, w: w.columns };
    const star = fc
      .constantFrom(...Object.keys(known))
      .map((name) => ({ sql: `SELECT * FROM ${name}`, columns: known[name as "v"] }));
    return fc.oneof({ weight: 6, arbitrary: select(known) }, star).chain((query) => {
      const order = fc.array(fc.tuple(fc.constantFrom(...query.columns), fc.constantFrom("", " DESC")), {
        maxLength: 2,
      });
      const limit = fc.option(fc.integer({ min: 0, max: 4 }), { nil: undefined });
      return fc.tuple(order, limit).map(([by, most]): RandomQuery => {
        const sorted = by.length === 0 ? "" : ` ORDER BY ${by.map(([{ text }, way]) => text + way).join(", ")}`;
        const cut = most === undefined ? "" : ` LIMIT ${most}`;
        return { views: [`CREATE VIEW v AS ${v.sql}`, `CREATE VIEW w AS ${w.sql}`], sql: query.sql + sorted + cut };
      });
    });
  }),
);
