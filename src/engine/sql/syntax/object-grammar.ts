/** `DROP` and `SHOW` of the kinds of objects, by hand. */
import { nearest } from "../../../base/nearest.ts";
import { type SqlError, unsupported } from "../sql-error.ts";
import type { ItemKind } from "../plan.ts";
import type { Drop, Show, ShowCreate, ShowVariable } from "./statement.ts";
import type { TokenCursor } from "./token-cursor.ts";
import { foreignPlurals } from "../refusal/vocabulary.ts";

const kinds: readonly (readonly [ItemKind, readonly string[], plural: readonly string[]])[] = [
  ["connection", ["connection"], ["connections"]],
  ["source", ["source"], ["sources"]],
  ["table", ["table"], ["tables"]],
  ["view", ["view"], ["views"]],
  ["materialized-view", ["materialized", "view"], ["materialized", "views"]],
  ["sink", ["sink"], ["sinks"]],
];

const shownKinds = "CONNECTIONS, SOURCES, TABLES, VIEWS, MATERIALIZED VIEWS, SINKS, OBJECTS, CLUSTERS or CREATE";

/** A kind as messages say it: `materialized view`. */
export function kindName(kind: ItemKind | "system"): string {
  if (kind === "system") return "system relation";
  return kind === "materialized-view" ? "materialized view" : kind;
}

/** Reads what follows `DROP`. */
export function drop(cursor: TokenCursor): Drop {
  const what = kind(cursor);
  const ifExists = cursor.accept("if", "exists");
  const name = cursor.name("a name");
  if (cursor.next.text === "," && cursor.next.kind === "symbol")
    throw unsupported("DROP of several objects", cursor.position, "Write one statement for each.");
  const isCascade = cursor.accept("cascade");
  if (!isCascade) cursor.accept("restrict");
  cursor.end();
  return { kind: "drop", what, name, ifExists, isCascade };
}

/** Reads what follows `SHOW`. */
export function show(cursor: TokenCursor): Show | ShowCreate | ShowVariable {
  if (cursor.accept("create")) {
    const what = kind(cursor);
    const name = cursor.name("a name");
    cursor.end();
    return { kind: "show-create", what, name };
  }
  if (cursor.accept("cluster", "replicas")) {
    cursor.end();
    return { kind: "show", what: "replica" };
  }
  if (cursor.accept("clusters")) {
    cursor.end();
    return { kind: "show", what: "cluster" };
  }
  if (cursor.accept("cluster")) {
    cursor.end();
    return { kind: "show-variable", variable: { text: "cluster", position: 6 } };
  }
  const found = cursor.accept("objects") ? "object" : kinds.find(([, , plural]) => cursor.accept(...plural))?.[0];
  if (found === undefined) throw notShown(cursor);
  for (const word of ["from", "in", "on", "like", "where"]) {
    const refused = cursor.refused(`${word.toUpperCase()} in SHOW`, word);
    if (refused !== undefined) throw refused;
  }
  cursor.end();
  return { kind: "show", what: found };
}

/** What stands there is a typing error, or shown by other databases: a kind of object, or, by its name, a parameter. */
function notShown(cursor: TokenCursor): SqlError {
  const { next, position } = cursor;
  const unexpected = cursor.unexpected(shownKinds);
  if (next.kind !== "word") return unexpected;
  const isForeign = foreignPlurals.has(next.text);
  const plurals = ["objects", "clusters", "cluster replicas", ...kinds.map(([, , plural]) => plural.join(" "))];
  const near = isForeign ? undefined : nearest(next.text, plurals);
  if (near !== undefined) return unexpected.with(`Did you mean SHOW ${near.toUpperCase()}?`);
  const hint =
    next.text === "columns" ? "SHOW CREATE answers the statement of an object." : `Write SHOW ${shownKinds}.`;
  return unsupported(`SHOW ${isForeign ? next.text.toUpperCase() : next.text}`, position, hint);
}

function kind(cursor: TokenCursor): ItemKind {
  const found = kinds.find(([, words]) => cursor.accept(...words))?.[0];
  if (found !== undefined) return found;
  throw cursor.unexpected("CONNECTION, SOURCE, TABLE, VIEW, MATERIALIZED VIEW or SINK");
}
