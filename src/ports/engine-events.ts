/**
 * Observations that the engine makes, and those that the world makes of its durable state. Checkers know the engine by
 * these alone. Times are logical, in milliseconds, unless a name says otherwise; a frontier is a time, or null when it is
 * empty.
 */
import type { Json } from "../base/json.ts";

type Frontier = number | null;

interface Token {
  readonly generation: number;
  readonly epoch: number;
}

export interface EngineEvents {
  // ---- what is durable, seen by the world where it is stored (never missed, whatever dies)
  /** A shard's state changed in consensus. `updates` are those of the batches that are new with it (not of compactions). */
  "shard.changed": {
    readonly shard: string;
    readonly sequence: number;
    readonly since: Frontier;
    readonly upper: Frontier;
    readonly lower: Frontier;
    readonly updates: readonly (readonly [data: Json, time: number, diff: number])[];
    readonly owner: Token;
    /** `append`, `since`, `owner` or `compaction`. */
    readonly change: string;
  };

  // ---- environment
  "env.started": { readonly generation: number };
  /** Serves sessions from now on. */
  "env.leading": Token;
  /** It saw a durable token above its own. `by`: `generation` or `epoch`. */
  "env.fenced": { readonly own: Token; readonly seen: Token; readonly by: "generation" | "epoch" };
  /** It is about to end. `reason` as in the orchestrator's table. */
  "env.ending": Token & { readonly reason: string; readonly code: number };
  /** The fence token of this process is durable. */
  "catalog.opened": Token & { readonly previous: Token | null };
  /** A transaction of the catalog is durable. */
  "catalog.committed": Token & { readonly statement: string; readonly ids: readonly string[]; readonly upper: number };

  // ---- time
  "oracle.write-allocated": Token & { readonly ts: number };
  /** Writes at or below `ts` are durable and may be read. */
  "oracle.applied": Token & { readonly ts: number };
  "oracle.read": Token & { readonly ts: number };

  // ---- statements, seen by the server
  "statement.started": { readonly session: string; readonly number: number; readonly kind: string };
  "statement.ended": {
    readonly session: string;
    readonly number: number;
    readonly kind: string;
    readonly ok: boolean;
    readonly code: string | null;
    readonly ts: number | null;
  };
  /** Rows of a table became durable at `ts`. */
  "table.written": Token & { readonly ts: number; readonly tables: readonly string[] };

  // ---- connectors
  "connector.status": {
    readonly id: string;
    readonly incarnation: number;
    readonly status: string;
    readonly error: string | null;
    readonly code: string | null;
    readonly class: string | null;
    readonly occurrences: number;
  };
  /** A row of the status history is durable. `seq` grows by one per row. */
  "status.recorded": {
    readonly id: string;
    readonly type: "source" | "sink";
    readonly seq: number;
    readonly status: string;
    readonly error: string | null;
    readonly incarnation: number;
  };
  "source.resumed": {
    readonly id: string;
    readonly offsets: readonly (readonly [partition: number, offset: number])[];
    readonly upper: Frontier;
  };
  /** Start-up of a sink found where to go on. `scanned`: position that the scan reached, `bound`: position that it had to reach. */
  "sink.resumed": {
    readonly id: string;
    readonly incarnation: number;
    readonly resume: Frontier;
    readonly asOf: number;
    readonly scanned: number;
    readonly bound: number;
    readonly found: boolean;
  };
  "sink.committed": {
    readonly id: string;
    readonly incarnation: number;
    readonly upper: Frontier;
    readonly asOf: number;
    readonly messages: number;
  };
  "sink.fenced": { readonly id: string; readonly incarnation: number };
  "sink.txn-aborted": { readonly id: string; readonly incarnation: number };

  // ---- replicas
  "mesh.attempt": { readonly replica: string; readonly index: number; readonly epoch: string };
  "mesh.formed": { readonly replica: string; readonly index: number; readonly size: number; readonly epoch: string };
  /** It works on data: commands or rows of a dataflow were processed in this mesh. */
  "mesh.worked": { readonly replica: string; readonly index: number; readonly epoch: string };
  /**
   * The first word of a peer in a formed mesh: which process said it, and what its mesh is. Only the laboratory of meshes
   * says so.
   */
  "mesh.heard": {
    readonly replica: string;
    readonly index: number;
    readonly epoch: string;
    readonly peer: number;
    readonly peerProcess: string;
    readonly peerEpoch: string;
  };
  /** How long forming may take in this world, µs, where restarts are slower than the checkers assume. */
  "mesh.due": { readonly replica: string; readonly within: number };
  "mesh.lost": { readonly replica: string; readonly index: number; readonly epoch: string; readonly peer: number };
  "controller.connected": { readonly replica: string; readonly nonce: string } & Token;
  /**
   * The replica is told on this connection that it has heard of all that it is to run: `objects`, with the time from which
   * each is wanted, null for sources. `cluster` is null where nobody named it; `isOldest`: the one replica of its cluster
   * that runs sources and sinks.
   */
  "controller.mentioned": {
    readonly replica: string;
    readonly nonce: string;
    readonly cluster: string | null;
    readonly isOldest: boolean;
    readonly objects: readonly (readonly [id: string, asOf: number | null])[];
  } & Token;
  "replica.reconciled": {
    readonly replica: string;
    readonly nonce: string;
    readonly kept: readonly string[];
    readonly created: readonly string[];
    readonly dropped: readonly string[];
  };
  /** What ran on, as it was, under a controller that is new or connected anew. */
  "dataflow.kept": { readonly replica: string; readonly nonce: string; readonly ids: readonly string[] };
  /** A process of a replica installed an object, as its mesh directs under this number. */
  "dataflow.installed": {
    readonly replica: string;
    readonly index: number;
    readonly epoch: string;
    readonly number: number;
    readonly id: string;
  };
  /** What a view reads was compacted beyond where it reads: it is made anew, and rendered again. */
  "dataflow.renewed": { readonly replica: string; readonly id: string; readonly incarnation: number };
  "dataflow.rendered": {
    readonly replica: string;
    readonly id: string;
    readonly incarnation: number;
    readonly asOf: number;
    readonly sinces: readonly (readonly [shard: string, since: Frontier])[];
  };
  /** A replica reported a frontier; the shard's true one is in `shard.changed`. */
  "frontier.reported": { readonly replica: string; readonly id: string; readonly upper: Frontier };
  "peek.answered": { readonly uuid: string; readonly asOf: number; readonly ok: boolean };

  // ---- clients, as the driver sees them
  "client.answered": {
    readonly session: string;
    readonly number: number;
    readonly sql: string;
    readonly ok: boolean;
    readonly code: string | null;
    readonly rows: readonly (readonly Json[])[];
    readonly ts: number | null;
  };
  /** The answer never came: it may or may not have happened, once. */
  "client.unknown": { readonly session: string; readonly number: number; readonly sql: string };
  "client.asked": { readonly session: string; readonly number: number; readonly sql: string };
  /** The driver produced into a topic as an upstream application would. */
  "client.produced": { readonly topic: string; readonly partition: number; readonly offset: number };
}
