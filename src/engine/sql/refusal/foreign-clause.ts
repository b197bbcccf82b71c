/** Clauses and options of sources, sinks and connections that other databases have: refused by name, with their place. */
import { unsupported } from "../sql-error.ts";
import type { TokenCursor } from "../syntax/token-cursor.ts";

const systems: readonly (readonly string[])[] = [
  ["aws", "privatelink"],
  ["aws"],
  ["confluent", "schema", "registry"],
  ["confluent"],
  ["iceberg", "catalog"],
  ["kinesis"],
  ["load", "generator"],
  ["mysql"],
  ["postgres"],
  ["s3"],
  ["sql", "server"],
  ["ssh", "tunnel"],
  ["webhook"],
];

const options: readonly (readonly string[])[] = [
  ["start", "offset"],
  ["start", "timestamp"],
  ["group", "id", "prefix"],
  ["transactional", "id", "prefix"],
  ["progress", "group", "id", "prefix"],
  ["progress", "topic"],
  ["replication", "factor"],
  ["compression", "type"],
  ["legacy", "ids"],
  ["topic", "config"],
  ["topic", "replication", "factor"],
  ["topic", "partition", "count"],
  ["topic", "metadata", "refresh", "interval"],
  ["partition", "by"],
  ["aws", "connection"],
  ["aws", "privatelink"],
  ["sasl", "mechanisms"],
  ["sasl", "username"],
  ["sasl", "password"],
  ["security", "protocol"],
  ["ssh", "tunnel"],
  ["ssl", "certificate", "authority"],
  ["ssl", "certificate"],
  ["ssl", "key"],
];

const clauses: readonly (readonly string[])[] = [
  ["expose", "progress"],
  ["for", "all", "tables"],
  ["for", "tables"],
  ["headers"],
  ["include"],
  ["key", "format"],
  ["not", "enforced"],
  ["value", "format"],
  ["with"],
];

/** Refuses what stands next if it is another system than Kafka. `construct`: what it would be, as `a source from`. */
export function refuseSystem(cursor: TokenCursor, construct: string): void {
  refuse(cursor, systems, (shown) => `${construct} ${shown}`);
}

/** Refuses what stands next if it is an option that is not supported. */
export function refuseOption(cursor: TokenCursor): void {
  refuse(cursor, options, (shown) => `the option ${shown}`);
}

/** Refuses what stands next if it is a clause that is not supported. */
export function refuseClause(cursor: TokenCursor): void {
  refuse(cursor, clauses, (shown) => shown);
}

function refuse(
  cursor: TokenCursor,
  constructs: readonly (readonly string[])[],
  spoken: (shown: string) => string,
): void {
  const { position } = cursor;
  const found = constructs.find((words) => cursor.accept(...words));
  if (found !== undefined) throw unsupported(spoken(found.join(" ").toUpperCase()), position);
}
