/**
 * Statements as syntax: what `parseStatement` gives and planning takes. Names are folded, nothing is resolved. Positions
 * are characters in the statement, from 1; they say where errors are and mean nothing else.
 */
import type { Column, Datum } from "../../collection.ts";
import type { Size } from "../cluster-plan.ts";
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
  /** `IN CLUSTER`, of a materialized view. */
  readonly cluster: Name | undefined;
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
  readonly topic: Name;
  /** Only in stored statements: purification froze it. */
  readonly topicId: { readonly id: string; readonly position: number } | undefined;
  readonly envelope: "none" | "upsert";
  /** `IN CLUSTER`. */
  readonly cluster: Name | undefined;
}

export interface CreateSink {
  readonly kind: "create-sink";
  readonly name: Name;
  readonly from: Name;
  readonly connection: Name;
  readonly topic: Name;
  readonly partitions: number;
  readonly key: readonly Name[];
  readonly envelope: "upsert" | "debezium";
  /** `IN CLUSTER`. */
  readonly cluster: Name | undefined;
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
  readonly what: ItemKind | "object" | "cluster" | "replica";
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
  /** Milliseconds, and where the clause is. */
  readonly asOf: { readonly time: number; readonly position: number } | undefined;
}

/** `name.name` of a replica. */
export interface ReplicaName {
  readonly cluster: Name;
  readonly replica: Name;
}

export interface SizeOption {
  readonly size: Size;
  readonly position: number;
}

export type ClusterStatement =
  /** `replicas` undefined: managed, with `size` and `factor`. */
  | {
      readonly kind: "create-cluster";
      readonly name: Name;
      readonly size: SizeOption | undefined;
      readonly factor: number | undefined;
      readonly replicas: readonly { readonly name: Name; readonly size: SizeOption }[] | undefined;
    }
  | {
      readonly kind: "alter-cluster";
      readonly name: Name;
      readonly size: SizeOption | undefined;
      readonly factor: number | undefined;
    }
  | { readonly kind: "drop-cluster"; readonly name: Name; readonly ifExists: boolean; readonly isCascade: boolean }
  | { readonly kind: "create-replica"; readonly name: ReplicaName; readonly size: SizeOption }
  | { readonly kind: "drop-replica"; readonly name: ReplicaName; readonly ifExists: boolean }
  | { readonly kind: "rename-cluster"; readonly name: Name; readonly to: Name }
  | { readonly kind: "rename-replica"; readonly name: ReplicaName; readonly to: Name };

/** `SET variable = value`; `RESET variable` has no value. */
export interface SetVariable {
  readonly kind: "set";
  readonly variable: Name;
  readonly value: Name | undefined;
}

/** `SHOW variable`. */
export interface ShowVariable {
  readonly kind: "show-variable";
  readonly variable: Name;
}

export type Statement =
  | Select
  | Insert
  | CreateStatement
  | Drop
  | Show
  | ShowCreate
  | ClusterStatement
  | SetVariable
  | ShowVariable;
