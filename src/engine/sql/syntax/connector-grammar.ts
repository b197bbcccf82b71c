/**
 * `CREATE CONNECTION | SOURCE | SINK`, by hand: what PostgreSQL's grammar does not have. Only Kafka, only JSON. Options
 * come in any order, each at most once.
 */
import type { ColumnDefinition, CreateConnection, CreateSink, CreateSource, Name } from "./statement.ts";
import type { TokenCursor } from "./token-cursor.ts";
import { SqlError, sqlStates, unsupported } from "../sql-error.ts";
import { columnTypeOf } from "./column-type.ts";

const partitionsMax = 1024;

/** Reads what follows `CREATE CONNECTION`. */
export function createConnection(cursor: TokenCursor): CreateConnection {
  const name = cursor.name("a name");
  cursor.expect("to");
  expectKafka(cursor);
  cursor.expect("(");
  const brokers = brokerOption(cursor);
  cursor.expect(")");
  cursor.end();
  return { kind: "create-connection", name, brokers };
}

function brokerOption(cursor: TokenCursor): readonly string[] {
  if (cursor.accept("broker")) return [address(cursor)];
  if (!cursor.accept("brokers")) throw cursor.unexpected("BROKER or BROKERS");
  const brokers = cursor.list(() => address(cursor));
  return [...new Set(brokers)];
}

function address(cursor: TokenCursor): string {
  const { position } = cursor;
  const text = cursor.string("a broker");
  const port = Number(/^[^\s:,]+:(\d{1,5})$/.exec(text)?.[1] ?? "0");
  if (port >= 1 && port <= 65535) return text;
  throw new SqlError(sqlStates.badValue, `"${text}" is no address of a broker`, {
    hint: "Write host:port.",
    position,
  });
}

/** Reads what follows `CREATE SOURCE`. */
export function createSource(cursor: TokenCursor): CreateSource {
  const name = cursor.name("a name");
  const cluster = inCluster(cursor);
  const columns = columnDefinitions(cursor);
  cursor.expect("from");
  const connection = kafkaConnection(cursor);
  const { topic, topicId } = topicOptions(cursor, "source");
  expectJson(cursor);
  let envelope: CreateSource["envelope"] = "none";
  if (cursor.accept("envelope")) {
    if (cursor.accept("upsert")) envelope = "upsert";
    else if (cursor.accept("debezium")) throw unsupported("ENVELOPE DEBEZIUM of a source", cursor.position);
    else cursor.expect("none");
  }
  cursor.end();
  return { kind: "create-source", name, columns, connection, topic, topicId, envelope, cluster };
}

function columnDefinitions(cursor: TokenCursor): readonly ColumnDefinition[] {
  if (!isSymbol(cursor, "("))
    throw new SqlError(sqlStates.syntax, "a source needs its columns", {
      hint: "Write CREATE SOURCE name (column type, ...) FROM KAFKA CONNECTION ...",
      position: cursor.position,
    });
  return cursor.list(() => {
    const column = cursor.name("a column");
    const { position } = cursor;
    const type = columnTypeOf(cursor.name("a type").text, position);
    return { name: column.text, type, position: column.position };
  });
}

/** Reads what follows `CREATE SINK`. */
export function createSink(cursor: TokenCursor): CreateSink {
  const name = cursor.name("a name");
  const cluster = inCluster(cursor);
  cursor.expect("from");
  const from = cursor.name("a relation");
  cursor.expect("into");
  const connection = kafkaConnection(cursor);
  const { topic, partitions } = topicOptions(cursor, "sink");
  const key = cursor.accept("key") ? cursor.list(() => cursor.name("a column")) : [];
  if (isSymbol(cursor, "format")) expectJson(cursor);
  cursor.expect("envelope");
  const { position } = cursor;
  const envelope = cursor.accept("upsert") ? "upsert" : cursor.accept("debezium") ? "debezium" : undefined;
  if (envelope === undefined) throw cursor.unexpected("UPSERT or DEBEZIUM");
  if (envelope === "upsert" && key.length === 0)
    throw new SqlError(sqlStates.syntax, "ENVELOPE UPSERT needs a key", {
      hint: "Write KEY (column, ...) before FORMAT.",
      position,
    });
  cursor.end();
  return { kind: "create-sink", name, from, connection, topic, partitions, key, envelope, cluster };
}

/** `IN CLUSTER name`, if it stands there. */
export function inCluster(cursor: TokenCursor): Name | undefined {
  return cursor.accept("in", "cluster") ? cursor.name("a cluster") : undefined;
}

function kafkaConnection(cursor: TokenCursor): Name {
  expectKafka(cursor);
  cursor.expect("connection");
  return cursor.name("a connection");
}

function expectKafka(cursor: TokenCursor): void {
  for (const other of ["postgres", "aws", "s3", "mysql", "confluent"])
    if (isSymbol(cursor, other)) throw unsupported(`a connection to ${other.toUpperCase()}`, cursor.position);
  cursor.expect("kafka");
}

function expectJson(cursor: TokenCursor): void {
  cursor.expect("format");
  for (const other of ["text", "bytes", "csv", "avro", "protobuf"])
    if (isSymbol(cursor, other)) throw unsupported(`FORMAT ${other.toUpperCase()}`, cursor.position);
  cursor.expect("json");
}

interface TopicOptions {
  readonly topic: string;
  readonly topicId: CreateSource["topicId"];
  readonly partitions: number;
}

function topicOptions(cursor: TokenCursor, of: "source" | "sink"): TopicOptions {
  const { position } = cursor;
  let topic: string | undefined;
  let topicId: CreateSource["topicId"];
  let partitions: number | undefined;
  cursor.list(() => {
    if (of === "source" && topicId === undefined && isSymbol(cursor, "topic") && cursor.accept("topic", "id"))
      topicId = { position: cursor.position, id: cursor.string("a topic's id") };
    else if (topic === undefined && cursor.accept("topic")) topic = topicName(cursor);
    else if (of === "sink" && partitions === undefined && cursor.accept("partition", "count"))
      partitions = cursor.count("the number of partitions", partitionsMax);
    else throw cursor.unexpected(of === "sink" ? "TOPIC or PARTITION COUNT" : "TOPIC");
  });
  if (topic === undefined) throw new SqlError(sqlStates.syntax, `a ${of} needs the option TOPIC`, { position });
  return { topic, topicId, partitions: partitions ?? 1 };
}

function topicName(cursor: TokenCursor): string {
  const { position } = cursor;
  const text = cursor.string("a topic");
  if (/^[A-Za-z0-9._-]{1,249}$/.test(text) && text !== "." && text !== "..") return text;
  throw new SqlError(sqlStates.badValue, `"${text}" cannot be the name of a topic`, {
    hint: "Up to 249 letters, digits, dots, underscores and hyphens.",
    position,
  });
}

function isSymbol(cursor: TokenCursor, text: string): boolean {
  const { next } = cursor;
  return (next.kind === "word" || next.kind === "symbol") && next.text === text;
}
