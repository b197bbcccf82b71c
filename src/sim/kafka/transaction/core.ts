/**
 * The transaction coordinator's view of one transactional id: a pure transition function. Each step is one append to
 * the coordinator's log, so its state is durable when it returns; the shell answers, sends markers and tells of
 * decisions. The protocol is that before KIP-890's second part: the epoch goes up with an init or a timeout, not with
 * every commit. Left out: inits that show an id and epoch of their own, the expiry of transactional ids.
 */
import type { KafkaErrorCode } from "../../../ports/kafka-rpc.ts";
import type { KafkaPolicies, TransactionPhase } from "../policies.ts";
import { never } from "../../../base/never.ts";

/** A partition of a transaction. The topic's id keeps a successor of the same name apart. */
export interface TransactionPartition {
  readonly topic: string;
  readonly topicId: string;
  readonly partition: number;
}

export interface TransactionState {
  readonly transactionalId: string;
  readonly producerId: number;
  readonly epoch: number;
  readonly timeoutMillis: number;
  readonly phase: TransactionPhase;
  /** Number of the present transaction, or the last one; 0 before the first. A late marker is known by it. */
  readonly round: number;
  /** Added to the open transaction; once it is decided, those whose marker is not known to be written. */
  readonly partitions: readonly TransactionPartition[];
  /** How long the open transaction was seen to be open; null before the first look. */
  readonly ageMillis: number | null;
}

export type TransactionEvent =
  | { readonly kind: "init"; readonly timeoutMillis: number }
  | {
      readonly kind: "add";
      readonly producerId: number;
      readonly epoch: number;
      readonly partitions: readonly TransactionPartition[];
    }
  | { readonly kind: "end"; readonly producerId: number; readonly epoch: number; readonly commit: boolean }
  /** The coordinator looks at the time: so much has passed since its last look. */
  | { readonly kind: "aged"; readonly millis: number }
  /** Markers of a transaction are in these partitions' logs, or the partitions are gone. */
  | { readonly kind: "marked"; readonly round: number; readonly partitions: readonly TransactionPartition[] };

export type TransactionAnswer =
  | { readonly ok: true; readonly producerId: number; readonly epoch: number }
  | { readonly ok: false; readonly error: KafkaErrorCode };

export type DecisionCause = "client" | "init" | "timeout";

export type TransactionEffect =
  /** A producer with this id and epoch is the transactional id's from now on. */
  | { readonly kind: "initialised" }
  /** The transaction's fate is durable; markers are to be written, `state.partitions` of them. */
  | { readonly kind: "decided"; readonly commit: boolean; readonly cause: DecisionCause }
  /** A producer of an older epoch was refused. */
  | { readonly kind: "fenced"; readonly epoch: number };

export interface TransactionContext {
  readonly transactionalId: string;
  /** A producer id that nobody has; taken when the new state has it. */
  readonly freshId: number;
  readonly epochMax: number;
  readonly transactionMaxMillis: number;
  readonly policies: KafkaPolicies;
}

export interface TransactionStep {
  /** Undefined while nobody initialised the id. */
  readonly state: TransactionState | undefined;
  /** Null for what nobody asked for. */
  readonly answer: TransactionAnswer | null;
  readonly effects: readonly TransactionEffect[];
}

type Event<K extends TransactionEvent["kind"]> = Extract<TransactionEvent, { readonly kind: K }>;

/** The transition function. Deterministic; a refusal leaves the state as it was, the same object. */
export function nextTransaction(
  state: TransactionState | undefined,
  event: TransactionEvent,
  context: TransactionContext,
): TransactionStep {
  switch (event.kind) {
    case "init":
      return initialised(state, event, context);
    case "add":
      return requested(state, event, context, (known) => added(known, event));
    case "end":
      return requested(state, event, context, (known) => ended(known, event));
    case "aged":
      return state === undefined ? silent(state) : aged(state, event, context);
    case "marked":
      return state === undefined ? silent(state) : marked(state, event);
    default:
      return never(event);
  }
}

/** Whether the transaction's fate is decided and markers are outstanding. */
export function isPrepared(phase: TransactionPhase): phase is "PREPARE_COMMIT" | "PREPARE_ABORT" {
  return phase === "PREPARE_COMMIT" || phase === "PREPARE_ABORT";
}

/** Whether two partitions are one. */
export function isSamePartition(a: TransactionPartition, b: TransactionPartition): boolean {
  return a.partition === b.partition && a.topicId === b.topicId;
}

/**
 * What a leader is told when it asks whether a batch may begin a transaction in its partition; undefined when it may.
 */
export function refusalOfWrite(
  state: TransactionState | undefined,
  producer: { readonly id: number; readonly epoch: number },
  partition: TransactionPartition,
  policies: KafkaPolicies,
): KafkaErrorCode | undefined {
  if (state === undefined || state.producerId !== producer.id) return "INVALID_PRODUCER_ID_MAPPING";
  if (policies.isStale(state.epoch, producer.epoch)) return "INVALID_PRODUCER_EPOCH";
  const isAdded =
    state.phase === "ONGOING" &&
    state.epoch === producer.epoch &&
    state.partitions.some((added) => isSamePartition(added, partition));
  return policies.mayJoin(isAdded) ? undefined : "INVALID_TXN_STATE";
}

/**
 * An open transaction of the predecessor is aborted first; who asked comes again, and finds it done or still being
 * done.
 */
function initialised(
  state: TransactionState | undefined,
  { timeoutMillis }: Event<"init">,
  context: TransactionContext,
): TransactionStep {
  const { transactionalId, freshId, epochMax, transactionMaxMillis, policies } = context;
  if (timeoutMillis <= 0 || timeoutMillis > transactionMaxMillis) return refused(state, "INVALID_TRANSACTION_TIMEOUT");
  if (state === undefined) {
    return ready({
      transactionalId,
      producerId: freshId,
      epoch: 0,
      timeoutMillis,
      phase: "EMPTY",
      round: 0,
      partitions: [],
      ageMillis: null,
    });
  }
  if (state.phase === "ONGOING" && policies.abortsPredecessor()) {
    const fenced = { ...state, epoch: policies.nextEpoch(state.epoch) };
    return { ...decided(fenced, false, "init"), answer: { ok: false, error: "CONCURRENT_TRANSACTIONS" } };
  }
  if (isPrepared(state.phase) && policies.waitsForMarkers()) return refused(state, "CONCURRENT_TRANSACTIONS");
  const isOpen = state.phase === "ONGOING" || isPrepared(state.phase);
  const isExhausted = state.epoch >= epochMax;
  return ready({
    ...state,
    producerId: isExhausted ? freshId : state.producerId,
    epoch: isExhausted ? 0 : policies.nextEpoch(state.epoch),
    timeoutMillis,
    phase: isOpen ? state.phase : "EMPTY",
  });
}

/** A request by a producer, if it is the one in force. */
function requested(
  state: TransactionState | undefined,
  { producerId, epoch }: Event<"add"> | Event<"end">,
  { policies }: TransactionContext,
  step: (state: TransactionState) => TransactionStep,
): TransactionStep {
  if (state === undefined || state.producerId !== producerId) return refused(state, "INVALID_PRODUCER_ID_MAPPING");
  if (!policies.isFenced(state.epoch, epoch)) return step(state);
  return { ...refused(state, "PRODUCER_FENCED"), effects: [{ kind: "fenced", epoch }] };
}

function added(state: TransactionState, { partitions }: Event<"add">): TransactionStep {
  if (isPrepared(state.phase)) return refused(state, "CONCURRENT_TRANSACTIONS");
  const isOpen = state.phase === "ONGOING";
  const before = isOpen ? state.partitions : [];
  const fresh = partitions.filter((wanted) => !before.some((known) => isSamePartition(known, wanted)));
  if (fresh.length === 0) return granted(state);
  return granted({
    ...state,
    phase: "ONGOING",
    round: isOpen ? state.round : state.round + 1,
    partitions: [...before, ...fresh],
    ageMillis: isOpen ? state.ageMillis : null,
  });
}

/** The same verdict again is granted: its first answer may have been lost. */
function ended(state: TransactionState, { commit }: Event<"end">): TransactionStep {
  switch (state.phase) {
    case "ONGOING": {
      const step = decided(state, commit, "client");
      return { ...step, answer: { ok: true, producerId: state.producerId, epoch: state.epoch } };
    }
    case "PREPARE_COMMIT":
    case "COMPLETE_COMMIT":
      return commit ? granted(state) : refused(state, "INVALID_TXN_STATE");
    case "PREPARE_ABORT":
    case "COMPLETE_ABORT":
      return commit ? refused(state, "INVALID_TXN_STATE") : granted(state);
    case "EMPTY":
      return refused(state, "INVALID_TXN_STATE");
    default:
      return never(state.phase);
  }
}

/** The first look at an open transaction only starts its clock: it may be open for a moment, or for a tick. */
function aged(state: TransactionState, { millis }: Event<"aged">, { policies }: TransactionContext): TransactionStep {
  if (state.phase !== "ONGOING") return silent(state);
  const ageMillis = state.ageMillis === null ? 0 : state.ageMillis + millis;
  if (!policies.isExpired(ageMillis, state.timeoutMillis)) return silent({ ...state, ageMillis });
  return decided({ ...state, epoch: policies.nextEpoch(state.epoch) }, false, "timeout");
}

function marked(state: TransactionState, { round, partitions }: Event<"marked">): TransactionStep {
  if (!isPrepared(state.phase) || state.round !== round) return silent(state);
  const left = state.partitions.filter((open) => !partitions.some((done) => isSamePartition(done, open)));
  if (left.length > 0) return silent({ ...state, partitions: left });
  return silent({
    ...state,
    phase: state.phase === "PREPARE_COMMIT" ? "COMPLETE_COMMIT" : "COMPLETE_ABORT",
    partitions: [],
  });
}

function decided(state: TransactionState, commit: boolean, cause: DecisionCause): TransactionStep {
  return {
    state: { ...state, phase: commit ? "PREPARE_COMMIT" : "PREPARE_ABORT", ageMillis: null },
    answer: null,
    effects: [{ kind: "decided", commit, cause }],
  };
}

function ready(state: TransactionState): TransactionStep {
  return { ...granted(state), effects: [{ kind: "initialised" }] };
}

function granted(state: TransactionState): TransactionStep {
  return { state, answer: { ok: true, producerId: state.producerId, epoch: state.epoch }, effects: [] };
}

function refused(state: TransactionState | undefined, error: KafkaErrorCode): TransactionStep {
  return { state, answer: { ok: false, error }, effects: [] };
}

function silent(state: TransactionState | undefined): TransactionStep {
  return { state, answer: null, effects: [] };
}
