/**
 * Canonical text of statements that create: the same statement always has the same text, and parsing the text gives the
 * same statement but for positions. Every identifier is quoted, so that no list of reserved words can be incomplete.
 */
import type {
  CreateSink,
  CreateSource,
  CreateStatement,
  CreateView,
  Expression,
  From,
  Name,
  Query,
  SelectItem,
} from "./statement.ts";

/** The text of a statement that creates something. */
export function canonicalText(statement: CreateStatement): string {
  const name = quoted(statement.name.text);
  switch (statement.kind) {
    case "create-connection":
      return `CREATE CONNECTION ${name} TO KAFKA (BROKERS (${statement.brokers.map(literal).join(", ")}))`;
    case "create-table":
      return `CREATE TABLE ${name} (${columnList(statement.columns)})`;
    case "create-source":
      return `CREATE SOURCE ${name} ${clusterText(statement.cluster)}${sourceTail(statement)}`;
    case "create-sink":
      return `CREATE SINK ${name} ${clusterText(statement.cluster)}${sinkTail(statement)}`;
    case "create-view":
      return `CREATE VIEW ${name} ${viewTail(statement)}`;
    case "create-materialized-view":
      return `CREATE MATERIALIZED VIEW ${name} ${viewTail(statement, clusterText(statement.cluster))}`;
  }
}

function sourceTail({ columns, connection, topic, topicId, envelope }: CreateSource): string {
  const options = [
    `TOPIC ${literal(topic.text)}`,
    ...(topicId === undefined ? [] : [`TOPIC ID ${literal(topicId.id)}`]),
  ];
  const from = `FROM KAFKA CONNECTION ${quoted(connection.text)} (${options.join(", ")})`;
  return `(${columnList(columns)}) ${from} FORMAT JSON ENVELOPE ${envelope.toUpperCase()}`;
}

function sinkTail({ from, connection, topic, partitions, key, envelope }: CreateSink): string {
  const into = `INTO KAFKA CONNECTION ${quoted(connection.text)}`;
  const options = `(TOPIC ${literal(topic.text)}, PARTITION COUNT ${partitions})`;
  const keys = key.length === 0 ? "" : ` KEY (${names(key)})`;
  return `FROM ${quoted(from.text)} ${into} ${options}${keys} FORMAT JSON ENVELOPE ${envelope.toUpperCase()}`;
}

function viewTail({ aliases, query }: CreateView, cluster = ""): string {
  const columns = aliases.length === 0 ? "" : `(${aliases.map(quoted).join(", ")}) `;
  return `${columns}${cluster}AS ${queryText(query)}`;
}

/** Where the statement names its cluster; none stands for the one that every catalog begins with. */
function clusterText(cluster: Name | undefined): string {
  return cluster === undefined ? "" : `IN CLUSTER ${quoted(cluster.text)} `;
}

/** The text of a query without order and limit, which only SELECT has. */
function queryText({ body }: Query): string {
  if (body.kind === "values") return `VALUES ${body.rows.map((row) => `(${texts(row)})`).join(", ")}`;
  const { isDistinct, items, from, where, groupBy, having } = body;
  const parts = [isDistinct ? "SELECT DISTINCT" : "SELECT", items.map(itemText).join(", ")];
  if (from !== undefined) parts.push(fromText(from));
  if (where !== undefined) parts.push(`WHERE ${text(where)}`);
  if (groupBy.length > 0) parts.push(`GROUP BY ${texts(groupBy)}`);
  if (having !== undefined) parts.push(`HAVING ${text(having)}`);
  return parts.join(" ");
}

function itemText(item: SelectItem): string {
  if (item.kind === "star") return item.qualifier === undefined ? "*" : `${quoted(item.qualifier)}.*`;
  return item.alias === undefined ? text(item.expression) : `${text(item.expression)} AS ${quoted(item.alias)}`;
}

function fromText({ tables, on, using }: From): string {
  const all = tables.map(({ name, alias }) => quoted(name.text) + (alias === undefined ? "" : ` AS ${quoted(alias)}`));
  if (on !== undefined) return `FROM ${all.join(" JOIN ")} ON ${text(on)}`;
  if (using.length > 0) return `FROM ${all.join(" JOIN ")} USING (${names(using)})`;
  return `FROM ${all.join(", ")}`;
}

function texts(expressions: readonly Expression[]): string {
  return expressions.map(text).join(", ");
}

function text(expression: Expression): string {
  switch (expression.kind) {
    case "column": {
      const { qualifier, name } = expression;
      return qualifier === undefined ? quoted(name) : `${quoted(qualifier)}.${quoted(name)}`;
    }
    case "literal":
      return literal(expression.value);
    case "aggregate":
      return `${expression.fn}(${expression.argument === undefined ? "*" : text(expression.argument)})`;
    case "call":
      return callText(expression);
  }
}

function callText({ fn, args }: Extract<Expression, { kind: "call" }>): string {
  const parts = args.map(text);
  switch (fn) {
    case "not":
      return `(NOT ${parts[0]})`;
    case "negate":
      return `(- ${parts[0]})`;
    case "is-null":
      return `(${parts[0]} IS NULL)`;
    case "coalesce":
      return `coalesce(${parts.join(", ")})`;
    case "mz_panic":
      return `mz_panic(${parts[0]})`;
    default:
      return `(${parts.join(` ${fn.toUpperCase()} `)})`;
  }
}

function literal(value: null | boolean | number | string): string {
  if (value === null) return "NULL";
  return typeof value === "string" ? `'${value.replaceAll("'", "''")}'` : String(value);
}

function columnList(columns: readonly { readonly name: string; readonly type: string }[]): string {
  return columns.map(({ name, type }) => `${quoted(name)} ${type}`).join(", ");
}

function names(list: readonly Name[]): string {
  return list.map((name) => quoted(name.text)).join(", ");
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
