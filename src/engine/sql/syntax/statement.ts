/**
 * Statements as syntax: what `parseStatement` gives and planning takes. Names are folded, nothing is resolved. Positions
 * are characters in the statement, from 1; they say where errors are and mean nothing else.
 */
import type { Column, Datum } from "../../collection.ts";
import type { ItemKind, ScalarFunction } from "../plan.ts";

export interface Name {
  readonly text: string;
  readonly position: number;
}

export type Expression =
  | {
      readonly kind: "column";
      /** Alias or relation before the dot. */
      readonly qualifier: string | undefined;
      readonly name: string;
      readonly position: number;
    }
  | { readonly kind: "literal"; readonly value: Datum; readonly position: number }
  | {
      readonly kind: "call";
      readonly fn: ScalarFunction;
      readonly args: readonly Expression[];
      readonly position: number;
    }
  | {
      readonly kind: "aggregate";
      readonly fn: "count" | "sum";
      /** Undefined: `count(*)`. */
      readonly argument: Expression | undefined;
      readonly position: number;
    };

export type SelectItem =
  | { readonly kind: "star"; readonly qualifier: string | undefined; readonly position: number }
  | { readonly kind: "expression"; readonly expression: Expression; readonly alias: string | undefined };

export interface TableReference {
  readonly name: Name;
  readonly alias: string | undefined;
}

export interface From {
  /** One relation, or two that are joined. */
  readonly tables: readonly TableReference[];
  readonly on: Expression | undefined;
  /** Column names of `USING`; empty otherwise. */
  readonly using: readonly Name[];
}

export interface OrderItem {
  readonly expression: Expression;
  readonly isDescending: boolean;
}

export type QueryBody =
  | {
      readonly kind: "select";
      readonly isDistinct: boolean;
      readonly items: readonly SelectItem[];
      readonly from: From | undefined;
      readonly where: Expression | undefined;
      readonly groupBy: readonly Expression[];
      readonly having: Expression | undefined;
    }
  | { readonly kind: "values"; readonly rows: readonly (readonly Expression[])[] };

export interface Query {
  readonly body: QueryBody;
  readonly orderBy: readonly OrderItem[];
  readonly limit: number | undefined;
  readonly position: number;
}

export interface ColumnDefinition extends Column {
  readonly position: number;
}

export interface CreateView {
  readonly kind: "create-view" | "create-materialized-view";
  readonly name: Name;
  /** Names of the columns; empty: those of the query. */
  readonly aliases: readonly string[];
  readonly query: Query;
}

export interface CreateTable {
  readonly kind: "create-table";
  readonly name: Name;
  readonly columns: readonly ColumnDefinition[];
}

export interface CreateConnection {
  readonly kind: "create-connection";
  readonly name: Name;
  readonly brokers: readonly string[];
}

export interface CreateSource {
  readonly kind: "create-source";
  readonly name: Name;
  readonly columns: readonly ColumnDefinition[];
  readonly connection: Name;
  readonly topic: string;
  /** Only in stored statements: purification froze it. */
  readonly topicId: { readonly id: string; readonly position: number } | undefined;
  readonly envelope: "none" | "upsert";
}

export interface CreateSink {
  readonly kind: "create-sink";
  readonly name: Name;
  readonly from: Name;
  readonly connection: Name;
  readonly topic: string;
  readonly partitions: number;
  readonly key: readonly Name[];
  readonly envelope: "upsert" | "debezium";
}

export type CreateStatement = CreateView | CreateTable | CreateConnection | CreateSource | CreateSink;

export interface Drop {
  readonly kind: "drop";
  readonly what: ItemKind;
  readonly name: Name;
  readonly ifExists: boolean;
  readonly isCascade: boolean;
}

export interface Show {
  readonly kind: "show";
  readonly what: ItemKind | "object";
}

export interface ShowCreate {
  readonly kind: "show-create";
  readonly what: ItemKind;
  readonly name: Name;
}

export interface Insert {
  readonly kind: "insert";
  readonly table: Name;
  /** Empty: all, in their order. */
  readonly columns: readonly Name[];
  readonly rows: readonly (readonly Expression[])[];
}

export interface Select {
  readonly kind: "select";
  readonly query: Query;
  readonly asOf: number | undefined;
}

export type Statement = Select | Insert | CreateStatement | Drop | Show | ShowCreate;
