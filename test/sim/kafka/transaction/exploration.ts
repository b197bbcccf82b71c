/**
 * Every interleaving of two producers of one transactional id, the coordinator's core and one partition's log.
 * Producers take their steps one after the other, each by a message that may stay under way for any time; the
 * coordinator's markers are sent twice, so that a copy may come late; a timeout may strike any open transaction.
 * Breadth first over canonical states, so that what is found is as short as it can be.
 */
import {
  append,
  appendMarker,
  emptyLog,
  judgeBatch,
  lastStableOffset,
  raiseWatermark,
  type PartitionLog,
} from "../../../../src/sim/kafka/log/partition-log.ts";
import { kafkaPolicies, type KafkaPolicies } from "../../../../src/sim/kafka/policies.ts";
import {
  isPrepared,
  nextTransaction,
  refusalOfWrite,
  type TransactionEvent,
  type TransactionState,
} from "../../../../src/sim/kafka/transaction/core.ts";
import { record } from "../brokers.ts";

const where = { topic: "t", topicId: "t-1", partition: 0 };

/** What a producer does; each of its transactions is named by the producer and a number. */
const plans: readonly (readonly ("init" | "add" | "send" | "commit")[])[] = [
  ["init", "add", "send", "commit"],
  ["init", "add", "send", "commit", "add", "send"],
];

interface ProducerView {
  /** Place in its plan. */
  step: number;
  isWaiting: boolean;
  /** Refused for good. */
  isOver: boolean;
  producerId: number;
  epoch: number;
  sequence: number;
}

type Message =
  | { readonly from: number; readonly step: number }
  | { readonly round: number; readonly epoch: number; readonly control: "commit" | "abort"; readonly copy: number };

interface Model {
  transaction: TransactionState | undefined;
  log: PartitionLog;
  readonly producers: ProducerView[];
  messages: Message[];
  /** Transactions that their own producer's commit decided. */
  readonly decided: string[];
  /** By producer: the others' records that were committed when it was told that it may begin. */
  readonly seenAtInit: (readonly string[] | null)[];
  timeouts: number;
}

export interface Exploration {
  readonly states: number;
  /** Actions that lead to the first state that breaks a rule. */
  readonly violation: { readonly rule: string; readonly path: readonly string[] } | null;
  /** Sets of committed records in states where nothing is left to do. */
  readonly outcomes: readonly string[];
}

/** Walks all states. Stops at the first that breaks a rule. */
export function explore(overrides: Partial<KafkaPolicies> = {}): Exploration {
  const policies = { ...kafkaPolicies, ...overrides };
  const start = initial();
  const seen = new Map<string, { readonly parent: string | null; readonly action: string }>();
  const outcomes = new Set<string>();
  seen.set(keyOf(start), { parent: null, action: "" });
  let level = [start];
  while (level.length > 0) {
    const next: Model[] = [];
    for (const model of level) {
      const parent = keyOf(model);
      const actions = actionsOf(model);
      if (actions.length === 0) outcomes.add(committed(model.log).join(" ") || "nothing");
      for (const [action, act] of actions) {
        const after = structuredClone(model);
        act(after, policies);
        const key = keyOf(after);
        if (seen.has(key)) continue;
        seen.set(key, { parent, action });
        const rule = brokenRule(after);
        if (rule !== null) return { states: seen.size, violation: { rule, path: pathTo(key, seen) }, outcomes: [] };
        next.push(after);
      }
    }
    level = next;
  }
  return { states: seen.size, violation: null, outcomes: [...outcomes].toSorted() };
}

/** Records that a read_committed consumer gets, in the order of their markers. */
function committed(log: PartitionLog): string[] {
  const open = new Map<number, string[]>();
  const values: string[] = [];
  for (const { producerId, control, records } of log.batches) {
    const own = open.get(producerId!) ?? [];
    if (control === "commit") values.push(...own);
    open.set(producerId!, control === null ? [...own, ...records.map(({ value }) => value!)] : []);
  }
  return values;
}

function brokenRule({ log, decided, seenAtInit }: Model): string | null {
  const values = committed(log);
  if (lastStableOffset(log) > log.highWatermark || log.highWatermark > log.endOffset) return "LSO <= HW <= LEO";
  if (new Set(values).size !== values.length) return "committed once";
  if (values.some((value) => !decided.includes(value))) return "committed by its own producer";
  for (const [who, before] of seenAtInit.entries()) {
    if (before === null) continue;
    const others = values.filter((value) => !value.startsWith(String(who)));
    // The one who was told last has read the log; whoever it fenced may not add to it.
    if (isLatest(seenAtInit, who) && others.length > before.length) return "nothing of a fenced producer after init";
  }
  return null;
}

/** Whether nobody was initialised after this producer: inits are told apart by how they are kept, latest last. */
function isLatest(seenAtInit: Model["seenAtInit"], who: number): boolean {
  return seenAtInit[1 - who] === null;
}

function actionsOf(model: Model): [string, (model: Model, policies: KafkaPolicies) => void][] {
  const actions: [string, (model: Model, policies: KafkaPolicies) => void][] = [];
  for (const [who, { isWaiting, isOver, step }] of model.producers.entries()) {
    if (isWaiting || isOver || step >= plans[who]!.length) continue;
    actions.push([
      `${who} asks to ${plans[who]![step]}`,
      (after) => {
        after.producers[who]!.isWaiting = true;
        after.messages.push({ from: who, step });
      },
    ]);
  }
  for (const [at, message] of model.messages.entries()) {
    const name =
      "from" in message ? `${message.from}'s ${plans[message.from]![message.step]}` : `marker ${message.round}`;
    actions.push([
      `${name} arrives`,
      (after, policies) => {
        after.messages.splice(at, 1);
        if ("from" in message) ask(after, message, policies);
        else mark(after, message, policies);
      },
    ]);
  }
  if (model.transaction?.phase === "ONGOING" && model.timeouts > 0) {
    actions.push([
      "timeout",
      (after, policies) => {
        after.timeouts--;
        step(after, { kind: "aged", millis: 0 }, policies);
        step(after, { kind: "aged", millis: 1_000 }, policies);
      },
    ]);
  }
  return actions;
}

function ask(
  model: Model,
  { from, step: at }: { readonly from: number; readonly step: number },
  policies: KafkaPolicies,
): void {
  const own = model.producers[from]!;
  const { producerId, epoch } = own;
  const what = plans[from]![at]!;
  const label = labelOf(from, at);
  if (what === "send") {
    const producer = { id: producerId, epoch, sequence: own.sequence++, transactionalId: "tx" };
    return answered(model, from, write(model, producer, label, policies));
  }
  const event: TransactionEvent =
    what === "init"
      ? { kind: "init", timeoutMillis: 1_000 }
      : what === "add"
        ? { kind: "add", producerId, epoch, partitions: [where] }
        : { kind: "end", producerId, epoch, commit: true };
  const answer = step(model, event, policies, label);
  if (answer?.ok === true && what === "init") {
    own.producerId = answer.producerId;
    own.epoch = answer.epoch;
    const others = committed(model.log).filter((value) => !value.startsWith(String(from)));
    model.seenAtInit[from] = others;
    model.seenAtInit[1 - from] = null;
  }
  answered(model, from, answer === null || answer.ok ? null : answer.error);
}

/** A refusal that is not "later" ends the producer. */
function answered(model: Model, who: number, error: string | null): void {
  const own = model.producers[who]!;
  own.isWaiting = false;
  if (error === null) own.step++;
  else if (error !== "CONCURRENT_TRANSACTIONS") own.isOver = true;
}

function write(
  model: Model,
  producer: {
    readonly id: number;
    readonly epoch: number;
    readonly sequence: number;
    readonly transactionalId: string;
  },
  value: string,
  policies: KafkaPolicies,
): string | null {
  const verdict = judgeBatch(model.log, producer, 1, policies);
  if (verdict.kind === "refuse") return verdict.error;
  if (model.log.open.get(producer.id)?.epoch !== producer.epoch) {
    const error = refusalOfWrite(model.transaction, producer, where, policies);
    if (error !== undefined) return error;
  }
  append(model.log, [record(value)], producer);
  raiseWatermark(model.log, model.log.endOffset);
  return null;
}

function step(model: Model, event: TransactionEvent, policies: KafkaPolicies, label?: string) {
  const context = { transactionalId: "tx", freshId: 1, epochMax: 100, transactionMaxMillis: 1_000, policies };
  const { state, answer, effects } = nextTransaction(model.transaction, event, context);
  model.transaction = state;
  for (const effect of effects) {
    if (effect.kind !== "decided") continue;
    if (effect.cause === "client") model.decided.push(label!);
    const { round, epoch } = state!;
    const control = effect.commit ? "commit" : "abort";
    for (const copy of [1, 2]) model.messages.push({ round, epoch, control, copy });
  }
  return answer;
}

function mark(model: Model, marker: Extract<Message, { round: number }>, policies: KafkaPolicies): void {
  const { round, epoch, control } = marker;
  appendMarker(model.log, { producerId: model.transaction!.producerId, epoch, round, control }, policies);
  raiseWatermark(model.log, model.log.endOffset);
  const { phase } = model.transaction!;
  if (isPrepared(phase)) step(model, { kind: "marked", round, partitions: [where] }, policies);
}

/** The transaction that a step of a plan belongs to: `1b` is the second one of producer 1. */
function labelOf(who: number, at: number): string {
  const adds = plans[who]!.slice(0, at + 1).filter((what) => what === "add").length;
  return `${who}${adds <= 1 ? "a" : "b"}`;
}

function initial(): Model {
  const fresh = (): ProducerView => ({
    step: 0,
    isWaiting: false,
    isOver: false,
    producerId: -1,
    epoch: -1,
    sequence: 0,
  });
  return {
    transaction: undefined,
    log: emptyLog(),
    producers: [fresh(), fresh()],
    messages: [],
    decided: [],
    seenAtInit: [null, null],
    timeouts: 1,
  };
}

function keyOf({ transaction, log, producers, messages, decided, seenAtInit, timeouts }: Model): string {
  const { batches, open, producers: histories } = log;
  const lines = batches.map(({ control, producerId, records }) => [control, producerId, records[0]?.value ?? ""]);
  const waiting = messages.map((message) => JSON.stringify(message)).toSorted();
  return JSON.stringify([
    transaction,
    lines,
    [...open],
    [...histories],
    producers,
    waiting,
    decided,
    seenAtInit,
    timeouts,
  ]);
}

function pathTo(
  key: string,
  seen: ReadonlyMap<string, { readonly parent: string | null; readonly action: string }>,
): string[] {
  const path: string[] = [];
  for (let at: string | null = key; at !== null; at = seen.get(at)!.parent) path.unshift(seen.get(at)!.action);
  return path.filter((action) => action !== "");
}
