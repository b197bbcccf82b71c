/** CREATE TABLE and DROP TABLE. Columns have types, NOT NULL and one primary key; there are no defaults or other checks. */
import type { SqlNode } from "../../../base/pg-parser.ts";
import { useTable, type Steps } from "../storage/locking.ts";
import type { Column, TableShape } from "../storage/table.ts";
import { SqlFailure, unsupported } from "../sql-failure.ts";
import { typeNamed } from "../expression/compile.ts";
import { kindOf, nameIn } from "../expression/expression.ts";
import type { Execution, Outcome, Plan } from "./plan.ts";

type CreateNode = Extract<SqlNode, { CreateStmt: unknown }>["CreateStmt"];
type DropNode = Extract<SqlNode, { DropStmt: unknown }>["DropStmt"];

const nothing: Outcome = { rows: [], count: 0 };

/** Compiles CREATE TABLE; it is part of its transaction as everything else. */
export function compileCreate(node: CreateNode): Plan {
  const { name } = simpleRelation(node.relation);
  if (node.inhRelations ?? node.partspec ?? node.partbound ?? node.options ?? node.ofTypename) {
    throw unsupported("a table with more than columns");
  }
  function* run({ database, transaction }: Execution): Steps<Outcome> {
    for (;;) {
      const creator = database.creatorOf(transaction, name);
      if (creator === null) break;
      yield creator;
    }
    if (database.find(transaction, name) !== undefined) {
      if (node.if_not_exists === true) return nothing;
      throw new SqlFailure("42P07", `table "${name}" exists already`);
    }
    database.create(transaction, shapeOf(name, node.tableElts ?? []));
    return nothing;
  }
  return { table: null, isWrite: true, columns: [], run };
}

/** Compiles DROP TABLE; it waits until nobody else uses the table. */
export function compileDrop(node: DropNode): Plan {
  if (node.removeType !== "OBJECT_TABLE") throw unsupported("DROP of anything but a table");
  const names = (node.objects ?? []).map((object) => {
    if (!("List" in object) || object.List.items?.length !== 1) throw unsupported("a table's name with its schema");
    return nameIn(object.List.items[0]!);
  });
  function* run({ database, transaction }: Execution): Steps<Outcome> {
    for (const name of names) {
      const table = database.find(transaction, name);
      if (table === undefined) {
        if (node.missing_ok === true) continue;
        throw new SqlFailure("42P01", `table "${name}" does not exist`);
      }
      yield* useTable(transaction, table);
      table.dropper = transaction;
      for (;;) {
        const other = [...table.users].find((user) => user !== transaction);
        if (other === undefined) break;
        yield other;
      }
      database.drop(transaction, table);
    }
    return nothing;
  }
  return { table: null, isWrite: true, columns: [], run };
}

/** The node of a table in a statement. */
export interface RelationNode {
  readonly relname?: string;
  readonly schemaname?: string;
  readonly relpersistence?: string;
  readonly inh?: boolean;
  readonly alias?: { readonly aliasname?: string; readonly colnames?: SqlNode[] };
}

/** A table's name and the name that the statement gives it; refuses schemas, ONLY and temporary tables. */
export function simpleRelation(node: RelationNode | undefined): { readonly name: string; readonly alias: string } {
  const { relname = "", schemaname, relpersistence, inh, alias } = node ?? {};
  if (schemaname !== undefined) throw unsupported("a table's name with its schema");
  if (relpersistence !== "p") throw unsupported("a temporary or unlogged table");
  if (inh !== true) throw unsupported("ONLY");
  if (alias?.colnames !== undefined) throw unsupported("names for columns in an alias");
  return { name: relname, alias: alias?.aliasname ?? relname };
}

function shapeOf(name: string, elements: readonly SqlNode[]): TableShape {
  const columns: Column[] = [];
  const keys: string[][] = [];
  for (const element of elements) {
    if ("ColumnDef" in element) columns.push(columnOf(element.ColumnDef, columns, keys));
    else if ("Constraint" in element && element.Constraint.contype === "CONSTR_PRIMARY") {
      keys.push((element.Constraint.keys ?? []).map(nameIn));
    } else throw unsupported("Constraint" in element ? `${element.Constraint.contype}` : kindOf(element));
  }
  if (keys.length > 1) throw new SqlFailure("42P16", `table "${name}" has several primary keys`);
  const key = (keys[0] ?? []).map((part) => {
    const place = columns.findIndex((column) => column.name === part);
    if (place < 0) throw new SqlFailure("42703", `column "${part}" of the key does not exist`);
    return place;
  });
  if (new Set(key).size !== key.length) throw new SqlFailure("42701", "a column is in the primary key twice");
  return {
    name,
    key,
    columns: columns.map((column, place) => (key.includes(place) ? { ...column, isRequired: true } : column)),
  };
}

type ColumnNode = Extract<SqlNode, { ColumnDef: unknown }>["ColumnDef"];

function columnOf(node: ColumnNode, others: readonly Column[], keys: string[][]): Column {
  const { colname: name = "", typeName, constraints = [], collClause } = node;
  if (collClause !== undefined) throw unsupported("COLLATE");
  if (others.some((other) => other.name === name)) throw new SqlFailure("42701", `column "${name}" is there twice`);
  let isRequired = false;
  for (const constraint of constraints) {
    const kind = "Constraint" in constraint ? constraint.Constraint.contype : kindOf(constraint);
    if (kind === "CONSTR_PRIMARY") keys.push([name]);
    else if (kind === "CONSTR_NOTNULL") isRequired = true;
    else if (kind !== "CONSTR_NULL") throw unsupported(`${kind}`);
  }
  return { name, type: typeNamed(typeName), isRequired };
}
