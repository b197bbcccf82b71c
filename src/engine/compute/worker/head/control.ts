/**
 * Who commands a replica, and what comes of commands, as a pure core in process 0. One connection counts: that of the
 * newest hello whose owner is not below the last. Its commands are gathered until initialization is complete, then carried
 * out at once; a connection that ends before that has changed nothing. Peeks end with the connection that asked. There is
 * no command that compacts: outputs are shards, whose sinces the environment moves itself, and what goes is dropped.
 */
import type { Owner } from "../../../persist/persist.ts";
import type { ClusterCommand, ClusterResponse, Peek, PeekOutcome, RenderedObject } from "../../protocol.ts";
import type { Directive } from "../messages.ts";
import type { ReplicaPolicies } from "../policies.ts";
import { compareOwners } from "../policies.ts";
import { reconcile, type Installed } from "./reconciliation.ts";

export interface ControlState {
  /** The last one accepted. */
  readonly owner: Owner | null;
  /** The connection that counts, and the nonce of its hello. */
  readonly connection: number | null;
  readonly nonce: string;
  readonly isInitialized: boolean;
  /** Commands that wait for initialization to be complete. */
  readonly buffer: readonly ClusterCommand[];
  readonly installed: readonly Installed[];
  readonly peeks: readonly { readonly number: number; readonly peek: Peek }[];
  /** The last number given. */
  readonly last: number;
}

export type ControlEvent =
  | { readonly kind: "command"; readonly connection: number; readonly command: ClusterCommand }
  | { readonly kind: "closed"; readonly connection: number }
  | { readonly kind: "answered"; readonly number: number; readonly outcome: PeekOutcome }
  /** What runs under this number cannot go on and is to be made anew. */
  | { readonly kind: "behind"; readonly number: number };

export type ControlEffect =
  | { readonly kind: "respond"; readonly connection: number; readonly response: ClusterResponse }
  | { readonly kind: "close"; readonly connection: number }
  | { readonly kind: "direct"; readonly directive: Directive }
  /** A controller's view is in force: what is known of the objects kept is to be told it. */
  | {
      readonly kind: "reconciled";
      readonly nonce: string;
      readonly kept: readonly Installed[];
      readonly created: readonly string[];
      readonly dropped: readonly string[];
    }
  | { readonly kind: "peek-answered"; readonly peek: Peek; readonly outcome: PeekOutcome }
  /** The process is to end: it was told something that it cannot make sense of. */
  | { readonly kind: "halt" };

export type ControlStep = readonly [state: ControlState, effects: readonly ControlEffect[]];

export const initialControl: ControlState = {
  owner: null,
  connection: null,
  nonce: "",
  isInitialized: false,
  buffer: [],
  installed: [],
  peeks: [],
  last: 0,
};

/** The next state and what is to be done, in order. What comes from the past is ignored. */
export function nextControl(state: ControlState, event: ControlEvent, policies: ReplicaPolicies): ControlStep {
  switch (event.kind) {
    case "command":
      return commanded(state, event.connection, event.command, policies);
    case "closed":
      return event.connection === state.connection ? disconnected(state, policies) : [state, []];
    case "answered":
      return answered(state, event.number, event.outcome);
    case "behind":
      return renewed(state, event.number);
  }
}

function commanded(
  state: ControlState,
  connection: number,
  command: ClusterCommand,
  policies: ReplicaPolicies,
): ControlStep {
  if (command.kind === "hello") return greeted(state, connection, command, policies);
  if (connection !== state.connection) return [state, []];
  if (command.kind === "ping") return [state, [{ kind: "respond", connection, response: { kind: "pong" } }]];
  if (state.isInitialized) return applied(state, command, policies);
  const gathered = { ...state, buffer: [...state.buffer, command] };
  if (!policies.mayApply(command.kind === "initialization-complete")) return [gathered, []];
  return initialized(gathered, policies);
}

function greeted(
  state: ControlState,
  connection: number,
  { owner, nonce }: Extract<ClusterCommand, { kind: "hello" }>,
  policies: ReplicaPolicies,
): ControlStep {
  if (!policies.isAccepted(state.owner, owner)) {
    const effects: ControlEffect[] = [{ kind: "close", connection }];
    if (state.owner !== null) {
      effects.unshift({ kind: "respond", connection, response: { kind: "fenced", by: state.owner } });
    }
    return [state, effects];
  }
  const [quiet, effects] = withoutPeeks(state);
  const former: ControlEffect[] = [];
  if (state.connection !== null && state.connection !== connection) {
    if (state.owner !== null && compareOwners(owner, state.owner) > 0) {
      former.push({ kind: "respond", connection: state.connection, response: { kind: "fenced", by: owner } });
    }
    former.push({ kind: "close", connection: state.connection });
  }
  return [{ ...quiet, owner, connection, nonce, isInitialized: false, buffer: [] }, [...effects, ...former]];
}

function disconnected(state: ControlState, policies: ReplicaPolicies): ControlStep {
  const isAbandoned = !state.isInitialized && state.buffer.length > 0;
  const [known, first] =
    isAbandoned && policies.afterDisconnect(state.isInitialized) === "reconcile"
      ? initialized(state, policies)
      : ([state, []] as const);
  const [quiet, effects] = withoutPeeks(known);
  return [{ ...quiet, connection: null, isInitialized: false, buffer: [] }, [...first, ...effects]];
}

/** Carries out all that was gathered: the newest description of every object counts. */
function initialized(state: ControlState, policies: ReplicaPolicies): ControlStep {
  const wanted = new Map<string, RenderedObject>();
  const peeks = new Map<string, Peek>();
  for (const command of state.buffer) {
    if (command.kind === "create") wanted.set(command.object.id, command.object);
    else if (command.kind === "drop") wanted.delete(command.id);
    else if (command.kind === "peek") peeks.set(command.peek.uuid, command.peek);
    else if (command.kind === "cancel-peek") peeks.delete(command.uuid);
  }
  const effects: ControlEffect[] = [];
  if (state.owner !== null) effects.push({ kind: "direct", directive: { kind: "owner", owner: state.owner } });
  const difference = reconcile(state.installed, [...wanted.values()], policies);
  let next: ControlState = { ...state, isInitialized: true, buffer: [] };
  for (const { running, wanted: instead } of difference.drop) next = drop(next, running, instead, policies, effects);
  for (const object of difference.create) next = create(next, object, effects);
  effects.push({
    kind: "reconciled",
    nonce: state.nonce,
    kept: difference.keep,
    created: difference.create.map(({ id }) => id),
    dropped: difference.drop.map(({ running }) => running.object.id),
  });
  for (const peek of peeks.values()) next = start(next, peek, effects);
  return [next, effects];
}

/** Carries out a live command. */
function applied(
  state: ControlState,
  command: Exclude<ClusterCommand, { kind: "hello" | "ping" }>,
  policies: ReplicaPolicies,
): ControlStep {
  const effects: ControlEffect[] = [];
  switch (command.kind) {
    case "create": {
      const { object } = command;
      const running = state.installed.find((installed) => installed.object.id === object.id);
      if (running !== undefined && policies.isKept(running.object, object)) return [state, []];
      const free = running === undefined ? state : drop(state, running, object, policies, effects);
      return [create(free, object, effects), effects];
    }
    case "drop": {
      const running = state.installed.find((installed) => installed.object.id === command.id);
      if (running === undefined) return stale(state, command, policies);
      return [drop(state, running, undefined, policies, effects), effects];
    }
    case "peek":
      return [start(state, command.peek, effects), effects];
    case "cancel-peek": {
      const running = state.peeks.find(({ peek }) => peek.uuid === command.uuid);
      if (running === undefined) return stale(state, command, policies);
      const peeks = state.peeks.filter((other) => other !== running);
      return [{ ...state, peeks }, [{ kind: "direct", directive: { kind: "drop", number: running.number } }]];
    }
    case "initialization-complete":
      return [state, []];
  }
}

/** A command that crossed the answer to it, or was overtaken by what it asks for. */
function stale(state: ControlState, command: ClusterCommand, policies: ReplicaPolicies): ControlStep {
  return [state, policies.staleCommand(command) === "halt" ? [{ kind: "halt" }] : []];
}

function create(state: ControlState, object: RenderedObject, effects: ControlEffect[]): ControlState {
  const number = state.last + 1;
  effects.push({ kind: "direct", directive: { kind: "create", number, object } });
  return { ...state, last: number, installed: [...state.installed, { number, object }] };
}

function drop(
  state: ControlState,
  running: Installed,
  wanted: RenderedObject | undefined,
  policies: ReplicaPolicies,
  effects: ControlEffect[],
): ControlState {
  effects.push({ kind: "direct", directive: { kind: "drop", number: running.number } });
  const upper = policies.frontierOfReplaced(running.object, wanted);
  if (upper !== undefined && state.connection !== null) {
    const { id, incarnation } = wanted ?? running.object;
    const response = { kind: "frontier", id, incarnation, upper } as const;
    effects.push({ kind: "respond", connection: state.connection, response });
  }
  return { ...state, installed: state.installed.filter((other) => other !== running) };
}

function start(state: ControlState, peek: Peek, effects: ControlEffect[]): ControlState {
  const number = state.last + 1;
  effects.push({ kind: "direct", directive: { kind: "peek", number, peek } });
  return { ...state, last: number, peeks: [...state.peeks, { number, peek }] };
}

function answered(state: ControlState, number: number, outcome: PeekOutcome): ControlStep {
  const running = state.peeks.find((peek) => peek.number === number);
  if (running === undefined) return [state, []];
  const effects: ControlEffect[] = [{ kind: "peek-answered", peek: running.peek, outcome }];
  if (state.connection !== null) {
    const response = { kind: "peek-answer", uuid: running.peek.uuid, outcome } as const;
    effects.push({ kind: "respond", connection: state.connection, response });
  }
  // Where it went wrong in one process, the others still wait for that one's rows.
  if (!outcome.ok) effects.push({ kind: "direct", directive: { kind: "drop", number } });
  return [{ ...state, peeks: state.peeks.filter((peek) => peek !== running) }, effects];
}

function renewed(state: ControlState, number: number): ControlStep {
  const running = state.installed.find((installed) => installed.number === number);
  if (running === undefined) return [state, []];
  const effects: ControlEffect[] = [{ kind: "direct", directive: { kind: "drop", number } }];
  const installed = state.installed.filter((other) => other !== running);
  return [create({ ...state, installed }, running.object, effects), effects];
}

function withoutPeeks(state: ControlState): ControlStep {
  const effects = state.peeks.map(({ number }): ControlEffect => {
    return { kind: "direct", directive: { kind: "drop", number } };
  });
  return [{ ...state, peeks: [] }, effects];
}
