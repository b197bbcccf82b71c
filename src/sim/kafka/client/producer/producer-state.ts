/**
 * The protocol of a transactional producer, as a pure transition function:
 *
 *     uninitialised ─▶ ready ─▶ in transaction ─▶ ending (commit or abort) ─▶ ready
 *
 * `fenced` and `failed` are final. Every call and every outcome of a request is an event; the action says what the shell
 * has to send, or how the call ends. Left out: transactions that span a restart, which only `init` of a successor ends.
 */
import type { KafkaFailureClass } from "../../../../ports/kafka.ts";
import type { KafkaClientPolicies } from "../policies.ts";

/** What the coordinator gave out. */
export interface ProducerIdentity {
  readonly id: number;
  readonly epoch: number;
}

/** The open transaction, as far as its producer knows. */
export interface Transaction {
  /** Partitions that the coordinator knows to be in it. */
  readonly added: ReadonlySet<string>;
  /** The coordinator may know of it, so that it has to be ended there. */
  readonly isOpen: boolean;
  /** Code of the failure after which it can only be aborted. */
  readonly trouble: string | null;
  /** Partitions with a batch of which nobody knows whether it was appended. */
  readonly unsure: ReadonlySet<string>;
}

/** A producer that the coordinator knows. */
interface Initialised {
  readonly producer: ProducerIdentity;
  readonly sequences: Sequences;
}

interface Uninitialised {
  readonly name: "uninitialised";
}

interface Ready extends Initialised {
  readonly name: "ready";
}

interface InTransaction extends Initialised {
  readonly name: "in-transaction";
  readonly transaction: Transaction;
}

interface Ending extends Initialised {
  readonly name: "ending";
  readonly commit: boolean;
  /** An earlier attempt may have ended the transaction this way, so that it cannot be ended the other way. */
  readonly isUncertain: boolean;
  readonly transaction: Transaction;
}

interface Fenced {
  readonly name: "fenced";
  readonly code: string;
}

interface Failing {
  readonly name: "failed";
  readonly code: string;
}

type Live = Uninitialised | Ready | InTransaction | Ending;

/** Where a transactional producer stands. */
export type ProducerPhase = Live | Fenced | Failing;

/** Next sequence number by partition; 0 unless listed. */
export type Sequences = ReadonlyMap<string, number>;

/** How a request failed. */
export interface Failed {
  readonly code: string;
  readonly failure: KafkaFailureClass;
}

type Sent =
  | { readonly kind: "added"; readonly partition: string }
  | { readonly kind: "add-failed"; readonly failed: Failed }
  | { readonly kind: "sent"; readonly partition: string; readonly count: number }
  | { readonly kind: "send-failed"; readonly partition: string; readonly failed: Failed };

/** `isUncertain`: an attempt before the one that succeeded may have been handled too, or may yet be. */
type Ended =
  | { readonly kind: "ended"; readonly isUncertain: boolean }
  | { readonly kind: "end-failed"; readonly failed: Failed };

/** `init`, `begin`, `send` and `end` are calls; the others are outcomes of what an action asked for. */
export type ProducerEvent =
  | { readonly kind: "init" }
  | { readonly kind: "begin" }
  | { readonly kind: "send"; readonly partition: string }
  | { readonly kind: "end"; readonly commit: boolean }
  | { readonly kind: "initialised"; readonly producer: ProducerIdentity }
  | { readonly kind: "init-failed"; readonly failed: Failed }
  | Sent
  | Ended;

/** What the shell does next. `refuse`: the call fails with this, without a request or in place of the request's failure. */
export type ProducerAction =
  | { readonly kind: "return" | "initialise" }
  | { readonly kind: "add"; readonly producer: ProducerIdentity }
  | { readonly kind: "produce"; readonly producer: ProducerIdentity; readonly sequence: number }
  | { readonly kind: "end"; readonly producer: ProducerIdentity; readonly commit: boolean }
  | { readonly kind: "refuse"; readonly code: string; readonly failure: KafkaFailureClass; readonly why: string };

/** The next state, and what to do about the event. */
export interface Transition {
  readonly state: ProducerPhase;
  readonly action: ProducerAction;
}

/** Sequence numbers wrap here. */
const sequenceLimit = 2 ** 31;
const proceed: ProducerAction = { kind: "return" };

/** The sequence number `count` records after `sequence`. */
export function sequenceAfter(sequence: number, count: number): number {
  return (sequence + count) % sequenceLimit;
}

/** One step of the protocol. */
export function transition(state: ProducerPhase, event: ProducerEvent, policies: KafkaClientPolicies): Transition {
  if (state.name === "fenced" || state.name === "failed") {
    const failure = state.name === "fenced" ? "fenced" : "transient";
    return refused(state, state.code, failure, "a new producer is needed");
  }
  switch (event.kind) {
    case "init":
      // From here on the epoch may have moved: whatever happens, nothing is written under the old one.
      return { state: { name: "uninitialised" }, action: { kind: "initialise" } };
    case "initialised":
      return to({ name: "ready", producer: event.producer, sequences: new Map() });
    case "init-failed":
      return policies.isFenced(event.failed.failure) ? ended(event.failed) : to(state);
    case "begin":
      return began(state);
    case "send":
      return sending(state, event.partition);
    case "added":
    case "add-failed":
    case "sent":
    case "send-failed":
      return state.name === "in-transaction" ? sent(state, event, policies) : to(state);
    case "end":
      return ending(state, event.commit);
    case "ended":
    case "end-failed":
      return state.name === "ending" ? endedOrNot(state, event, policies) : to(state);
  }
}

/** Locally: the coordinator hears of a transaction when its first partition is added. */
function began(state: Live): Transition {
  if (state.name !== "ready") return misplaced(state);
  const transaction = { added: new Set<string>(), isOpen: false, trouble: null, unsure: new Set<string>() };
  return to({ ...state, name: "in-transaction", transaction });
}

function sending(state: Live, partition: string): Transition {
  if (state.name !== "in-transaction") return misplaced(state);
  const { transaction, producer, sequences } = state;
  if (transaction.trouble !== null) return abortFirst(state, transaction.trouble);
  if (!transaction.added.has(partition)) return { state, action: { kind: "add", producer } };
  return { state, action: { kind: "produce", producer, sequence: sequences.get(partition) ?? 0 } };
}

function sent(state: InTransaction, event: Sent, policies: KafkaClientPolicies): Transition {
  const { transaction, sequences } = state;
  if (event.kind === "added") {
    const added = new Set([...transaction.added, event.partition]);
    return to({ ...state, transaction: { ...transaction, added, isOpen: true } });
  }
  if (event.kind === "sent") {
    const next = sequenceAfter(sequences.get(event.partition) ?? 0, event.count);
    return to({ ...state, sequences: new Map([...sequences, [event.partition, next]]) });
  }
  const { code, failure } = event.failed;
  if (policies.isFenced(failure)) return ended(event.failed);
  const trouble = policies.mustAbort(failure) ? code : transaction.trouble;
  const isOpen = transaction.isOpen || failure === "ambiguous";
  // Out of sequence means that broker and producer disagree; after that, as after an unknown outcome, nobody knows.
  const isUnsure = event.kind === "send-failed" && failure !== "transient";
  const unsure = isUnsure ? new Set([...transaction.unsure, event.partition]) : transaction.unsure;
  return to({ ...state, transaction: { ...transaction, trouble, isOpen, unsure } });
}

function ending(state: Live, commit: boolean): Transition {
  if (state.name === "ending") {
    if (state.commit === commit) return { state, action: { kind: "end", producer: state.producer, commit } };
    if (commit) return abortFirst(state, "INVALID_TXN_STATE");
    return refused(state, "INVALID_TXN_STATE", "ambiguous", "it is unknown whether the commit happened: commit again");
  }
  // Nothing is open, so there is nothing to abort; but what was not begun cannot be committed.
  if (state.name !== "in-transaction") return commit ? misplaced(state) : to(state);
  const { transaction, producer, sequences } = state;
  if (commit && transaction.trouble !== null) return abortFirst(state, transaction.trouble);
  if (!transaction.isOpen) return to({ name: "ready", producer, sequences });
  return { state: { ...state, name: "ending", commit, isUncertain: false }, action: { kind: "end", producer, commit } };
}

function endedOrNot(state: Ending, event: Ended, policies: KafkaClientPolicies): Transition {
  const { transaction, producer, sequences, commit } = state;
  const isRepeated = state.isUncertain || (event.kind === "ended" && event.isUncertain);
  const done = policies.mayKeepEpoch(transaction.unsure.size, isRepeated)
    ? to({ name: "ready", producer, sequences })
    : to({ name: "uninitialised" });
  if (event.kind === "ended") return done;
  const { code, failure } = event.failed;
  if (policies.isFenced(failure)) return ended(event.failed);
  // The one request that might have opened it did not arrive.
  if (code === "INVALID_TXN_STATE" && !commit && transaction.added.size === 0) return done;
  const isUncertain = state.isUncertain || failure === "ambiguous";
  const isOver = code === "INVALID_TXN_STATE" || failure === "permanent";
  const next: ProducerPhase = isOver ? { name: "failed", code } : { ...state, isUncertain };
  if (isUncertain) return refused(next, code, "ambiguous", "an attempt may have ended the transaction");
  return isOver ? to(next) : to({ name: "in-transaction", producer, sequences, transaction });
}

function to(state: ProducerPhase): Transition {
  return { state, action: proceed };
}

function ended({ code, failure }: Failed): Transition {
  return to(failure === "fenced" ? { name: "fenced", code } : { name: "failed", code });
}

function refused(state: ProducerPhase, code: string, failure: KafkaFailureClass, why: string): Transition {
  return { state, action: { kind: "refuse", code, failure, why } };
}

function abortFirst(state: ProducerPhase, code: string): Transition {
  return refused(state, code, "transient", "abort first");
}

function misplaced(state: Live): Transition {
  if (state.name === "uninitialised") return refused(state, "INVALID_TXN_STATE", "transient", "init first");
  const why = { ready: "begin first", "in-transaction": "already begun", ending: "end the transaction first" }[
    state.name
  ];
  return refused(state, "INVALID_TXN_STATE", state.name === "ending" ? "transient" : "permanent", why);
}
