/**
 * `CREATE CONNECTION | SOURCE | SINK`, by hand: what PostgreSQL's grammar does not have. Only Kafka, only JSON. Options
 * come in any order, each at most once.
 */
import type { ColumnType } from "../../collection.ts";
import type { ColumnDefinition, CreateConnection, CreateSink, CreateSource, Name } from "./statement.ts";
import type { TokenCursor } from "./token-cursor.ts";
import { SqlError, sqlStates, unsupported } from "../sql-error.ts";
import { columnTypeOf } from "./column-type.ts";
import { refuseClause, refuseOption, refuseSystem } from "../refusal/foreign-clause.ts";

const partitionsMax = 1024;

/** Reads what follows `CREATE CONNECTION`. */
export function createConnection(cursor: TokenCursor): CreateConnection {
  const name = cursor.name("a name");
  cursor.expect("to");
  expectKafka(cursor, "a connection to");
  cursor.expect("(");
  const brokers = brokerOption(cursor);
  if (cursor.accept(",")) {
    refuseOption(cursor);
    throw cursor.unexpected("nothing but BROKER or BROKERS");
  }
  cursor.expect(")");
  end(cursor);
  return { kind: "create-connection", name, brokers };
}

function brokerOption(cursor: TokenCursor): readonly string[] {
  refuseOption(cursor);
  if (cursor.accept("broker")) return [address(cursor)];
  if (!cursor.accept("brokers")) throw cursor.unexpected("BROKER or BROKERS");
  cursor.accept("=");
  const brokers = cursor.list(() => address(cursor));
  return [...new Set(brokers)];
}

function address(cursor: TokenCursor): string {
  cursor.accept("=");
  const { position } = cursor;
  const text = cursor.string("a broker");
  const port = Number(/^[^\s:,]+:(\d{1,5})$/.exec(text)?.[1] ?? "0");
  if (port >= 1 && port <= 65535) return text;
  throw new SqlError(sqlStates.badValue, `"${text}" is no address of a broker`, {
    hint: text.includes(",") ? "Write BROKERS ('host:port', ...) for several." : "Write host:port.",
    position,
  });
}

/** Reads what follows `CREATE SOURCE`. */
export function createSource(cursor: TokenCursor): CreateSource {
  const name = cursor.name("a name");
  const cluster = inCluster(cursor);
  const columns = columnDefinitions(cursor);
  cursor.expect("from");
  const connection = kafkaConnection(cursor, "a source from");
  const { topic, topicId } = topicOptions(cursor, "source");
  expectJson(cursor);
  refuseClause(cursor);
  const envelope = cursor.accept("envelope") ? sourceEnvelope(cursor) : "none";
  end(cursor);
  return { kind: "create-source", name, columns, connection, topic, topicId, envelope, cluster };
}

function sourceEnvelope(cursor: TokenCursor): CreateSource["envelope"] {
  const refused = cursor.refused("ENVELOPE DEBEZIUM of a source", "debezium");
  if (refused !== undefined) throw refused;
  if (cursor.accept("upsert")) return "upsert";
  if (!cursor.accept("none")) throw cursor.unexpected("NONE or UPSERT");
  return "none";
}

function columnDefinitions(cursor: TokenCursor): readonly ColumnDefinition[] {
  const { position } = cursor;
  if (cursor.accept("from")) refuseSystem(cursor, "a source from");
  if (position !== cursor.position || !isTerm(cursor, "("))
    throw new SqlError(sqlStates.syntax, "a source needs its columns", {
      hint: "Write CREATE SOURCE name (column type, ...) FROM KAFKA CONNECTION ...",
      position,
    });
  return cursor.list(() => {
    const column = cursor.name("a column");
    const type = columnType(cursor);
    if (!isTerm(cursor, ",") && !isTerm(cursor, ")") && cursor.next.kind === "word")
      throw unsupported("a constraint of a column", cursor.position);
    return { name: column.text, type, position: column.position };
  });
}

function columnType(cursor: TokenCursor): ColumnType {
  const { position } = cursor;
  const name = cursor.accept("double", "precision") ? "float8" : cursor.name("a type").text;
  const type = columnTypeOf(name, position);
  if (isTerm(cursor, "(")) throw unsupported("a length of a type", cursor.position);
  if (isTerm(cursor, "[")) throw unsupported("an array type", position);
  return type;
}

/** Reads what follows `CREATE SINK`. */
export function createSink(cursor: TokenCursor): CreateSink {
  const name = cursor.name("a name");
  const cluster = inCluster(cursor);
  cursor.expect("from");
  const from = cursor.name("a relation");
  cursor.expect("into");
  const connection = kafkaConnection(cursor, "a sink into");
  const { topic, partitions } = topicOptions(cursor, "sink");
  refuseClause(cursor);
  const key = cursor.accept("key") ? cursor.list(() => cursor.name("a column")) : [];
  refuseClause(cursor);
  if (isTerm(cursor, "format")) expectJson(cursor);
  if (isTerm(cursor, "key")) throw cursor.unexpected("ENVELOPE").with("KEY (column, ...) stands before FORMAT.");
  refuseClause(cursor);
  if (!cursor.accept("envelope"))
    throw cursor.unexpected("ENVELOPE").with("Write ENVELOPE UPSERT or ENVELOPE DEBEZIUM at the end.");
  const { position } = cursor;
  const envelope = cursor.accept("upsert") ? "upsert" : cursor.accept("debezium") ? "debezium" : undefined;
  if (envelope === undefined) throw cursor.unexpected("UPSERT or DEBEZIUM");
  if (envelope === "upsert" && key.length === 0)
    throw new SqlError(sqlStates.syntax, "ENVELOPE UPSERT needs a key", {
      hint: "Write KEY (column, ...) before FORMAT.",
      position,
    });
  end(cursor);
  return { kind: "create-sink", name, from, connection, topic, partitions, key, envelope, cluster };
}

/** `IN CLUSTER name`, if it stands there. */
export function inCluster(cursor: TokenCursor): Name | undefined {
  return cursor.accept("in", "cluster") ? cursor.name("a cluster") : undefined;
}

function kafkaConnection(cursor: TokenCursor, construct: string): Name {
  expectKafka(cursor, construct);
  cursor.expect("connection");
  return cursor.name("a connection");
}

function expectKafka(cursor: TokenCursor, construct: string): void {
  refuseSystem(cursor, construct);
  cursor.expect("kafka");
}

function expectJson(cursor: TokenCursor): void {
  refuseClause(cursor);
  if (!cursor.accept("format")) throw cursor.unexpected("FORMAT").with("Write FORMAT JSON.");
  const { next } = cursor;
  if (isTerm(cursor, next.text) && foreignFormats.includes(next.text))
    throw unsupported(`FORMAT ${next.text.toUpperCase()}`, cursor.position, "Write FORMAT JSON.");
  cursor.expect("json");
}

const foreignFormats: readonly string[] = ["avro", "bytes", "csv", "protobuf", "regex", "text"];

function end(cursor: TokenCursor): void {
  refuseClause(cursor);
  cursor.end();
}

interface TopicOptions {
  readonly topic: Name;
  readonly topicId: CreateSource["topicId"];
  readonly partitions: number;
}

function topicOptions(cursor: TokenCursor, of: "source" | "sink"): TopicOptions {
  const { position } = cursor;
  let topic: Name | undefined;
  let topicId: CreateSource["topicId"];
  let partitions: number | undefined;
  cursor.list(() => {
    const option = cursor.position;
    refuseOption(cursor);
    if (of === "source" && cursor.accept("topic", "id")) {
      if (topicId !== undefined) throw twice("TOPIC ID", option);
      topicId = { position: cursor.position, id: cursor.string("a topic's id") };
    } else if (cursor.accept("topic")) {
      if (topic !== undefined) throw twice("TOPIC", option);
      topic = topicName(cursor);
    } else if (of === "sink" && cursor.accept("partition", "count")) {
      if (partitions !== undefined) throw twice("PARTITION COUNT", option);
      cursor.accept("=");
      partitions = cursor.count("the number of partitions", partitionsMax);
    } else throw cursor.unexpected(of === "sink" ? "TOPIC or PARTITION COUNT" : "TOPIC");
  });
  if (topic === undefined) throw new SqlError(sqlStates.syntax, `a ${of} needs the option TOPIC`, { position });
  return { topic, topicId, partitions: partitions ?? 1 };
}

function twice(option: string, position: number): SqlError {
  return new SqlError(sqlStates.syntax, `the option ${option} stands there twice`, {
    hint: "Leave one out.",
    position,
  });
}

function topicName(cursor: TokenCursor): Name {
  cursor.accept("=");
  const { position } = cursor;
  const text = cursor.string("a topic");
  if (/^[A-Za-z0-9._-]{1,249}$/.test(text) && text !== "." && text !== "..") return { text, position };
  throw new SqlError(sqlStates.badValue, `"${text}" cannot be the name of a topic`, {
    hint: "Up to 249 letters, digits, dots, underscores and hyphens.",
    position,
  });
}

function isTerm(cursor: TokenCursor, text: string): boolean {
  const { next } = cursor;
  return next.kind !== "quoted" && next.kind !== "string" && next.text === text;
}
