/**
 * What the environment says to a replica and back. One connection to process 0, which hands every command to all workers
 * in one order. On each new connection: hello, the compacted history, `initialization-complete`, then live commands; the
 * replica changes nothing before `initialization-complete`, and says `reconciled` when it has carried all of that out.
 * Queries are asked of it only then.
 */
import type { Column, Entry, Frontier, Row, Time } from "../collection.ts";
import type { Owner } from "../persist/persist.ts";
import type { Plan } from "../sql/plan.ts";

/** Where a collection's contents are. `table`: the rows of one table in the shard of all tables. */
export interface CollectionSource {
  readonly id: string;
  readonly shard: string;
  readonly table?: string;
}

export interface MaterializedViewObject {
  readonly kind: "materialized-view";
  readonly id: string;
  readonly incarnation: number;
  readonly plan: Plan;
  readonly sources: readonly CollectionSource[];
  /** Inputs are read from here on; output at or below it is skipped where the shard has it. */
  readonly asOf: Time;
  readonly shard: string;
}

export interface IngestionObject {
  readonly kind: "ingestion";
  readonly id: string;
  readonly incarnation: number;
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly topicId: string | undefined;
  readonly columns: readonly Column[];
  readonly envelope: "none" | "upsert";
  /** Bindings of offsets to times and the rows bound, in one shard, appended together. */
  readonly shard: string;
}

export interface SinkObject {
  readonly kind: "sink";
  readonly id: string;
  readonly incarnation: number;
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly connection: string;
  readonly from: CollectionSource;
  readonly columns: readonly Column[];
  readonly key: readonly number[];
  readonly envelope: "upsert" | "debezium";
  readonly partitions: number;
  readonly asOf: Time;
  /** Empty shard whose upper is the sink's durable frontier; it holds back compaction of the input. */
  readonly shard: string;
}

export type RenderedObject = MaterializedViewObject | IngestionObject | SinkObject;

export interface Peek {
  readonly uuid: string;
  readonly plan: Plan;
  readonly sources: readonly CollectionSource[];
  readonly asOf: Time;
}

export type ClusterCommand =
  | { readonly kind: "hello"; readonly nonce: string; readonly owner: Owner }
  | { readonly kind: "create"; readonly object: RenderedObject }
  | { readonly kind: "drop"; readonly id: string }
  | { readonly kind: "peek"; readonly peek: Peek }
  | { readonly kind: "cancel-peek"; readonly uuid: string }
  | { readonly kind: "initialization-complete" }
  /** Answered with a pong at once, by process 0 alone: tells a silent replica from one that is gone without a word. */
  | { readonly kind: "ping" };

export type HealthStatus = "starting" | "running" | "degraded" | "stalled" | "failed" | "dropped";

export interface HealthUpdate {
  readonly id: string;
  readonly incarnation: number;
  readonly status: HealthStatus;
  /** Text for users; null when it is well. */
  readonly error: string | null;
  /** `transient`, `definite`, `input` or `internal`; null when it is well. */
  readonly class: "transient" | "definite" | "input" | "internal" | null;
  readonly code: string | null;
  readonly namespace: "kafka" | "decode" | "internal" | "input";
  readonly hint: string | null;
  /** Attempts that failed the same way so far, in a row. */
  readonly occurrences: number;
  /** Wall clock of the process that decided, milliseconds. */
  readonly at: Time;
}

export type PeekOutcome =
  | { readonly ok: true; readonly rows: readonly (readonly [row: Row, count: number])[] }
  | { readonly ok: false; readonly errors: readonly Entry[] };

export type ClusterResponse =
  /** Refused: a newer owner was here. */
  | { readonly kind: "fenced"; readonly by: Owner }
  /** It runs what it was told. `life`: of this incarnation of the replica, another after every loss of its mesh. */
  | { readonly kind: "reconciled"; readonly nonce: string; readonly life: string }
  /** Of this replica: it has computed, and somebody has written, all below `upper`. */
  | { readonly kind: "frontier"; readonly id: string; readonly incarnation: number; readonly upper: Frontier }
  | { readonly kind: "peek-answer"; readonly uuid: string; readonly outcome: PeekOutcome }
  | { readonly kind: "status"; readonly update: HealthUpdate }
  | { readonly kind: "pong" };
