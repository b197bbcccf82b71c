/**
 * The replica that runs the connector, and the brokers that it calls. An outage is one fault, with the attempts in vain
 * and the time that they take. That the connector gives them up is another one: what is told must have an end.
 */
import type { Lifecycle, LifecycleEvent, Trouble } from "../../engine/connectors/lifecycle.ts";
import type { Transition } from "../../explore/model.ts";
import type { LifecycleCore, State } from "./state.ts";
import type { Report } from "./status-table.ts";
import { changed, forgotten, gotThrough, isInVain, isOutage, longAgo, ranked, triedInVain } from "./parts.ts";
import { newLifecycle } from "../../engine/connectors/lifecycle.ts";
import { problemOf } from "./properties.ts";
import { transitionName } from "./coverage.ts";

type Step = Transition<State, string>;
type Nature = Step["nature"];

const trouble: Trouble = { error: "gone", class: "transient", code: "gone", namespace: "kafka", hint: null };

/** Reports under way at a time: a connector does not fail faster than it is heard. */
const backlog = 2;
/** Failures in a row beyond which another makes no difference. */
const failuresMax = 2;

const actors = { replica: 0, brokers: 3 } as const;

export class Replica {
  readonly #core: LifecycleCore;
  /** Names of transitions as lists, each made once. */
  readonly #covers = new Map<string, readonly string[]>();

  constructor(core: LifecycleCore) {
    this.#core = core;
  }

  /** Every step that it and its brokers can make. */
  steps(state: State): readonly Step[] {
    const { life, item, isUp } = state;
    const found: Step[] = [];
    if (isUp && item !== null && life?.incarnation !== item) {
      const begun = { ...state, life: { incarnation: item, lifecycle: newLifecycle } };
      found.push(this.#step(`incarnation ${item} is rendered`, begun, { kind: "rendered" }, "ordinary"));
    }
    if (isUp && item === null && life !== null) {
      const next: State = { ...state, life: null, parts: well(state.parts) };
      found.push({ ...quiet("the replica stops the connector", next), actor: actors.replica });
    }
    if (life === null) return [...found, ...brokerSteps(state)];
    if (state.link.length < backlog) found.push(...this.#ends(state, life.incarnation), ...this.#calls(state));
    found.push(...brokerSteps(state), ...timeSteps(state));
    const crashed: State = {
      ...state,
      life: null,
      link: [],
      parts: item === null ? well(state.parts) : forgotten(state.parts),
    };
    found.push({ ...quiet("FAULT the replica crashes", crashed), nature: "fault" });
    return found;
  }

  #ends(state: State, incarnation: number): readonly Step[] {
    return [
      this.#step(`incarnation ${incarnation} has succeeded`, state, { kind: "succeeded" }, "ordinary"),
      this.#step(`FAULT incarnation ${incarnation} has stalled`, state, { kind: "stalled", trouble }, "fault"),
      this.#step(`FAULT incarnation ${incarnation} has failed`, state, { kind: "failed", trouble }, "fault"),
    ];
  }

  #calls(state: State): readonly Step[] {
    return state.parts.map((part) => {
      const { name } = part;
      if (!part.isOut) return this.#step(`${name} gets through`, state, { kind: "answered", part: name }, "ordinary");
      const event = { kind: "troubled", part: name, at: 0, trouble } as const;
      return this.#step(`${name} tries in vain`, state, event, "ordinary");
    });
  }

  #step(move: string, state: State, event: LifecycleEvent, nature: Nature): Step {
    const { incarnation, lifecycle } = state.life!;
    const [after, isReported] = this.#core.next(lifecycle, event);
    const tried = lifecycle.status === "failed" ? state.parts : partsAfter(state, event);
    const isOver = event.kind === "troubled" && tried.some((part) => part.name === event.part && isOutage(part));
    const occurrences = Math.min(after.occurrences, failuresMax);
    const capped: Lifecycle = { ...after, occurrences, vain: ranked(after.vain) };
    const report: Report = { status: after.status!, incarnation, occurrences };
    const next: State = {
      ...state,
      life: { incarnation, lifecycle: capped },
      parts: tried,
      link: isReported && state.isUp ? [...state.link, report] : state.link,
      problem: state.problem ?? problemOf(lifecycle.status, event, after.status!, tried),
    };
    const covers = this.#listOf(transitionName(lifecycle, event, isOver, after, isReported));
    return { move, next, nature, covers, actor: actors.replica };
  }

  #listOf(name: string): readonly string[] {
    const known = this.#covers.get(name) ?? [name];
    this.#covers.set(name, known);
    return known;
  }
}

/** Nobody calls the brokers of what is gone any more. */
function well(parts: State["parts"]): State["parts"] {
  return forgotten(parts).map((part) => ({ ...part, isOut: false }));
}

function partsAfter({ parts: before }: State, event: LifecycleEvent): State["parts"] {
  if (event.kind === "succeeded") return before;
  if (event.kind !== "troubled" && event.kind !== "answered") return forgotten(before);
  const part = before.find(({ name }) => name === event.part)!;
  return changed(before, event.kind === "troubled" ? triedInVain(part) : gotThrough(part));
}

/**
 * Outages begin and end. Parts that are well are alike, so the first one to lose its brokers is always the same; and
 * nobody notices an outage of what has failed for good.
 */
function brokerSteps(state: State): readonly Step[] {
  const { item, life } = state;
  const found: Step[] = [];
  for (const [index, part] of state.parts.entries()) {
    if (part.isOut) {
      const next = { ...state, parts: changed(state.parts, { ...part, isOut: false }) };
      found.push({ ...quiet(`brokers of ${part.name} are back`, next), actor: actors.brokers });
      continue;
    }
    const isFirst = index === 0 || state.parts.some((each) => each.isOut || isInVain(each));
    if (!isFirst || item === null || life === null || life.lifecycle.status === "failed") continue;
    const next = { ...state, parts: changed(state.parts, { ...part, isOut: true }) };
    found.push({ ...quiet(`FAULT ${part.name} loses its brokers`, next), nature: "fault" });
  }
  return found;
}

/** Time passes for one part at a time, in any order: of two first attempts, any may have been the earlier one. */
function timeSteps(state: State): readonly Step[] {
  const { incarnation, lifecycle } = state.life!;
  return state.parts
    .filter((part) => isInVain(part) && !part.isLong)
    .map((part) => {
      const old: Lifecycle = { ...lifecycle, vain: ranked(longAgo(lifecycle.vain, part)) };
      const later = changed(state.parts, { ...part, isLong: true });
      return quiet(`it is long since ${part.name} first tried in vain`, {
        ...state,
        life: { incarnation, lifecycle: old },
        parts: later,
      });
    });
}

/** A step that nobody has to make. */
function quiet(move: string, next: State): Step {
  return { move, next, nature: "ordinary", covers: [], actor: null };
}
