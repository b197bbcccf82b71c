/** Plans of queries: what SQL is turned into and dataflows are rendered from. Plain JSON, so that it travels. */
import type { Column, Datum, Row } from "../collection.ts";
import type { ClusterPlan, SetPlan } from "./cluster-plan.ts";

export type ScalarFunction =
  | "="
  | "<>"
  | "<"
  | "<="
  | ">"
  | ">="
  | "+"
  | "-"
  | "*"
  | "/"
  | "%"
  | "and"
  | "or"
  | "not"
  | "is-null"
  | "coalesce"
  | "negate"
  | "||"
  /** Ends the process of a replica that needs its value; exists for tests. */
  | "mz_panic";

/** NULL and three-valued logic as in SQL. Division by zero and integer overflow (beyond ±(2^53-1)) are errors. */
export type Scalar =
  | { readonly kind: "column"; readonly index: number }
  | { readonly kind: "literal"; readonly value: Datum }
  | { readonly kind: "call"; readonly fn: ScalarFunction; readonly args: readonly Scalar[] };

export interface Aggregate {
  readonly fn: "count" | "sum";
  /** Left out: `count(*)`. NULL arguments are not counted; the sum of none is NULL. */
  readonly argument?: Scalar;
}

export type Plan =
  /** All of a collection: a table, source, materialized view, or system relation. */
  | { readonly kind: "get"; readonly id: string }
  | { readonly kind: "constant"; readonly rows: readonly Row[]; readonly width: number }
  | { readonly kind: "filter"; readonly input: Plan; readonly predicate: Scalar }
  /** One output column per scalar. */
  | { readonly kind: "map"; readonly input: Plan; readonly scalars: readonly Scalar[] }
  /** Inner equi-join: columns of the left, then of the right. Keys that are NULL match nothing. */
  | {
      readonly kind: "join";
      readonly left: Plan;
      readonly right: Plan;
      readonly leftKey: readonly number[];
      readonly rightKey: readonly number[];
    }
  /** Group keys, then aggregates. Without keys: one row always, also over nothing. */
  | {
      readonly kind: "reduce";
      readonly input: Plan;
      readonly key: readonly Scalar[];
      readonly aggregates: readonly Aggregate[];
    };

export type ItemKind = "connection" | "source" | "table" | "view" | "materialized-view" | "sink";

/** An object as planning sees it. System relations have ids that begin with `s`. */
export interface ResolvedItem {
  readonly id: string;
  readonly name: string;
  readonly kind: ItemKind | "system";
  /** Columns of what can be read; empty otherwise. */
  readonly columns: readonly Column[];
  /** Of a view: what it stands for. */
  readonly plan?: Plan;
  /** Of a connection. */
  readonly brokers?: readonly string[];
  /** The stored statement: what SHOW CREATE answers. */
  readonly sql?: string;
}

/** What planning may know of the catalog. */
export interface CatalogLookup {
  resolve(name: string): ResolvedItem | undefined;
  /** All names, for the nearest match. */
  names(): readonly string[];
}

export interface Ordering {
  readonly column: number;
  readonly isDescending: boolean;
}

interface Named {
  readonly name: string;
  /** The statement in canonical form, purified: planning it again, without any network, gives the same. */
  readonly sql: string;
  /** Ids that it names itself, sorted; views are not looked into, system relations left out. */
  readonly dependsOn: readonly string[];
}

export interface ConnectionPlan extends Named {
  readonly kind: "create-connection";
  /** `host:port`. */
  readonly brokers: readonly string[];
}

export interface SourcePlan extends Named {
  readonly kind: "create-source";
  readonly connection: string;
  readonly brokers: readonly string[];
  readonly topic: string;
  /** Frozen by purification: a topic created again is another one. Undefined before. */
  readonly topicId: string | undefined;
  readonly columns: readonly Column[];
  /** `upsert`: the last value of a key counts; the first column is then the key, `key text`. */
  readonly envelope: "none" | "upsert";
  /** Id of the cluster that it runs on. */
  readonly cluster: string;
}

export interface TablePlan extends Named {
  readonly kind: "create-table";
  readonly columns: readonly Column[];
}

export interface ViewPlan extends Named {
  readonly kind: "create-view" | "create-materialized-view";
  readonly plan: Plan;
  readonly columns: readonly Column[];
  /** Id of the cluster that a materialized view runs on; null for a view. */
  readonly cluster: string | null;
}

export interface SinkPlan extends Named {
  readonly kind: "create-sink";
  readonly connection: string;
  readonly brokers: readonly string[];
  readonly topic: string;
  /** Id of what it writes out. */
  readonly from: string;
  readonly columns: readonly Column[];
  /** Column numbers of the key; empty: none. */
  readonly key: readonly number[];
  /** `upsert`: last value per key, null when it is gone; `debezium`: before and after. */
  readonly envelope: "upsert" | "debezium";
  readonly partitions: number;
  /** Id of the cluster that it runs on. */
  readonly cluster: string;
}

export type CreatePlan = ConnectionPlan | SourcePlan | TablePlan | ViewPlan | SinkPlan;

export interface SelectPlan {
  readonly kind: "select";
  /** Views are expanded: its `get`s are of what has contents of its own. */
  readonly plan: Plan;
  readonly columns: readonly Column[];
  readonly orderBy: readonly Ordering[];
  readonly limit: number | undefined;
  /** Explicit `AS OF`, milliseconds. */
  readonly asOf: number | undefined;
  /** Where in the statement things are that may go wrong when it is carried out; left out: nothing is known. */
  readonly places?: SelectPlaces;
}

/** Positions in a query's text, from 1. */
export interface SelectPlaces {
  /** Of the AS OF clause. */
  readonly asOf?: number;
  /** By SQLSTATE of an error of evaluation, the one place in the query that it can come from; none where it is unclear. */
  readonly failures: { readonly [code: string]: number };
}

export type StatementPlan =
  | CreatePlan
  | SelectPlan
  | ClusterPlan
  | SetPlan
  | { readonly kind: "insert"; readonly table: string; readonly rows: readonly Row[] }
  | { readonly kind: "drop"; readonly ids: readonly string[]; readonly what: ItemKind; readonly isCascade: boolean }
  /** `DROP … IF EXISTS` of what does not exist. */
  | { readonly kind: "nothing"; readonly notice: string };
