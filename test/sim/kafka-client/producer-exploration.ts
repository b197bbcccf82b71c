/**
 * Every sequence of calls of a transactional producer up to a length, with every outcome of every request, against the
 * smallest broker that can tell right from wrong: one partition, one transaction, sequence numbers.
 */
import type { KafkaClientPolicies } from "../../../src/sim/kafka/client/policies.ts";
import {
  transition,
  type Failed,
  type ProducerAction,
  type ProducerEvent,
  type ProducerPhase,
} from "../../../src/sim/kafka/client/producer/producer-state.ts";

/** What becomes of a request: answered, answer lost after the effect, lost before it, refused before it was sent. */
type Fate = "ok" | "answer lost" | "lost" | "not sent";

interface Broker {
  readonly epoch: number;
  readonly nextSequence: number;
  /** Batches of the open transaction; null without one. */
  readonly open: readonly number[] | null;
  readonly committed: readonly number[];
}

interface World {
  readonly phase: ProducerPhase;
  readonly broker: Broker;
  /** Batches whose send succeeded in the present transaction. */
  readonly acked: readonly number[];
  /** Batches that a successful commit has to show, of all transactions. */
  readonly promised: readonly number[];
  /** Batches of transactions whose end nobody knows. */
  readonly unknown: readonly number[];
  readonly batches: number;
  readonly path: readonly string[];
}

interface Explored {
  readonly paths: number;
  readonly commits: number;
  /** Paths on which a rule was broken. */
  readonly broken: readonly string[];
}

const fates: readonly Fate[] = ["ok", "answer lost", "lost", "not sent"];
const calls = ["init", "begin", "send", "commit", "abort"] as const;
const partition = "t/0";

/** Walks through all paths that begin with an init and a begin that succeed. */
export function explore(policies: KafkaClientPolicies, length: number): Explored {
  let paths = 0;
  let commits = 0;
  const broken: string[] = [];

  const walk = (world: World, left: number): void => {
    const problem = problemOf(world);
    if (problem !== null) broken.push(`${world.path.join(", ")}: ${problem}`);
    if (left === 0 || problem !== null) {
      paths++;
      commits += world.promised.length;
      return;
    }
    for (const call of calls) for (const next of called(world, call, policies)) walk(next, left - 1);
  };

  const broker = { epoch: -1, nextSequence: 0, open: null, committed: [] };
  const phase: ProducerPhase = { name: "uninitialised" };
  const start = { phase, broker, acked: [], promised: [], unknown: [], batches: 0, path: [] };
  const ready = called(start, "init", policies)[0]!;
  walk(called(ready, "begin", policies)[0]!, length);
  return { paths, commits, broken };
}

/** A committed batch was acknowledged, an acknowledged and committed one is there, none is there twice. */
function problemOf({ broker, promised, unknown }: World): string | null {
  const { committed } = broker;
  if (new Set(committed).size !== committed.length) return `batches ${committed.join()} twice`;
  const missing = promised.filter((batch) => !committed.includes(batch));
  if (missing.length > 0) return `batch ${missing.join()} was promised and is not there`;
  const extra = committed.filter((batch) => !promised.includes(batch) && !unknown.includes(batch));
  return extra.length > 0 ? `batch ${extra.join()} is there and was never acknowledged` : null;
}

/** The worlds after a call, one for every fate of its requests. */
function called(world: World, call: (typeof calls)[number], policies: KafkaClientPolicies): World[] {
  const event: ProducerEvent =
    call === "send"
      ? { kind: "send", partition }
      : call === "commit" || call === "abort"
        ? { kind: "end", commit: call === "commit" }
        : { kind: call };
  return acted(step({ ...world, path: [...world.path, call] }, event, policies), policies);
}

interface Stepped {
  readonly world: World;
  readonly action: ProducerAction;
}

function step(world: World, event: ProducerEvent, policies: KafkaClientPolicies): Stepped {
  const { state, action } = transition(world.phase, event, policies);
  return { world: { ...world, phase: state }, action };
}

function acted({ world, action }: Stepped, policies: KafkaClientPolicies): World[] {
  if (action.kind === "return" || action.kind === "refuse") return [ended(world)];
  return fates.flatMap((fate) => {
    const named = { ...world, path: [...world.path, `(${action.kind} ${fate})`] };
    const isHandled = fate === "ok" || fate === "answer lost";
    const handled = isHandled ? effect(named, action) : named;
    if (handled === null) {
      return ended(step(named, failedEvent(action, refusal), policies).world);
    }
    if (fate !== "ok") {
      const failed = fate === "not sent" ? notSent : lost;
      const doubted = action.kind === "end" && fate !== "not sent" ? doubt(handled, action.commit) : handled;
      const batches = action.kind === "produce" ? doubted.batches + 1 : doubted.batches;
      return ended(step({ ...doubted, batches }, failedEvent(action, failed), policies).world);
    }
    return succeeded(handled, action, policies);
  });
}

const lost: Failed = { code: "ETIMEDOUT", failure: "ambiguous" };
const notSent: Failed = { code: "ECONNREFUSED", failure: "transient" };
const refusal: Failed = { code: "OUT_OF_ORDER_SEQUENCE_NUMBER", failure: "permanent" };

function succeeded(world: World, action: ProducerAction, policies: KafkaClientPolicies): World[] {
  switch (action.kind) {
    case "initialise": {
      const producer = { id: 1, epoch: world.broker.epoch };
      return [ended(step({ ...world, acked: [] }, { kind: "initialised", producer }, policies).world)];
    }
    case "add": {
      const added = step(world, { kind: "added", partition }, policies).world;
      return acted(step(added, { kind: "send", partition }, policies), policies);
    }
    case "produce": {
      const acked = [...world.acked, world.batches];
      const sent: ProducerEvent = { kind: "sent", partition, count: 1 };
      return [ended(step({ ...world, acked, batches: world.batches + 1 }, sent, policies).world)];
    }
    case "end": {
      const promised = action.commit ? [...world.promised, ...world.acked] : world.promised;
      const event: ProducerEvent = { kind: "ended", isUncertain: false };
      return [ended(step({ ...world, promised, acked: [] }, event, policies).world)];
    }
    default:
      return [ended(world)];
  }
}

/** What the broker makes of a request that reached it; null when it refuses. Batches are numbered in order of sending. */
function effect(world: World, action: ProducerAction): World | null {
  const { broker } = world;
  switch (action.kind) {
    case "initialise":
      return { ...world, broker: { ...broker, epoch: broker.epoch + 1, nextSequence: 0, open: null } };
    case "add":
      return { ...world, broker: { ...broker, open: broker.open ?? [] } };
    case "produce": {
      // A batch that is there already is taken for a repetition: whoever reuses its number loses the batch.
      if (action.sequence < broker.nextSequence) return world;
      if (action.sequence > broker.nextSequence) return null;
      const open = [...(broker.open ?? []), world.batches];
      return { ...world, broker: { ...broker, open, nextSequence: broker.nextSequence + 1 } };
    }
    case "end": {
      const committed = action.commit ? [...broker.committed, ...(broker.open ?? [])] : broker.committed;
      return { ...world, broker: { ...broker, open: null, committed } };
    }
    default:
      return world;
  }
}

/** Acknowledged batches of a commit that may have happened are neither promised nor forbidden. */
function doubt(world: World, commit: boolean): World {
  return commit ? { ...world, unknown: [...world.unknown, ...world.acked] } : world;
}

function failedEvent(action: ProducerAction, failed: Failed): ProducerEvent {
  switch (action.kind) {
    case "initialise":
      return { kind: "init-failed", failed };
    case "add":
      return { kind: "add-failed", failed };
    case "end":
      return { kind: "end-failed", failed };
    default:
      return { kind: "send-failed", partition, failed };
  }
}

/** Between calls: what was acknowledged in a transaction that is over concerns nobody. */
function ended(world: World): World {
  const isOpen = world.phase.name === "in-transaction" || world.phase.name === "ending";
  return isOpen ? world : { ...world, acked: [] };
}
