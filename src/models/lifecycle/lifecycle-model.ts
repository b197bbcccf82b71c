/**
 * A connector from its creation to its end: the lifecycle core on a replica, its reports on their way, and the status log
 * of the environment, which are the engine's own. Replica and environment die and come back at any point; the connector is
 * rendered anew on purpose, and dropped, at any point. Assumed, as the engine's shells do: one process runs the connector
 * at a time, reports of one arrive in order, a new controller is told the last one again, and what was dropped is dropped
 * once more at boot if its last row is missing.
 */
import type { Lifecycle, LifecycleEvent, Trouble } from "../../engine/connectors/lifecycle.ts";
import type { Model, Transition } from "../../explore/model.ts";
import { newLifecycle } from "../../engine/connectors/lifecycle.ts";
import { isSettled, recorded, type Report } from "./status-table.ts";
import type { LifecycleCore, State } from "./state.ts";

type Step = Transition<State, string>;

const trouble: Trouble = { error: "gone", class: "transient", code: "gone", namespace: "kafka", hint: null };

const events: readonly LifecycleEvent[] = [
  { kind: "succeeded" },
  { kind: "stalled", trouble },
  { kind: "failed", trouble },
];

/** Reports under way at a time: a connector does not fail faster than it is heard. */
const backlog = 2;
/** Failures in a row beyond which another makes no difference. */
const failuresMax = 2;

const actors = { replica: 0, environment: 1, link: 2 } as const;

/** Transitions of the core; `rendered` begins each. */
const transitions: readonly string[] = [
  "failed: failed → failed",
  "failed: stalled → failed",
  "failed: succeeded → failed",
  "new: rendered → starting, reported",
  "running: failed → failed, reported",
  "running: stalled → stalled, reported",
  "running: succeeded → running",
  "stalled: failed → failed, reported",
  "stalled: stalled → stalled, reported",
  "stalled: succeeded → running, reported",
  "starting: failed → failed, reported",
  "starting: stalled → stalled, reported",
  "starting: succeeded → running, reported",
];

/** One connector, which is rendered anew at most `renewals` times. */
export function lifecycleModel(title: string, core: LifecycleCore, renewals: number): Model<State, string> {
  const initial: State = {
    item: 0,
    life: null,
    link: [],
    isUp: true,
    row: null,
    waiting: [],
    problem: null,
  };
  return {
    title,
    initial: [initial],
    enabled: (state) => [...replicaSteps(state, core), ...environmentSteps(state, core, renewals)],
    key: (state) => JSON.stringify(state),
    properties: [
      {
        id: "S-CONN-2",
        doc: "The history of a connector is a path of its lifecycle, and nothing comes behind its end.",
        problem: ({ problem }) => problem,
      },
    ],
    goal: { id: "L-CONN-4", doc: "the last row says how the connector is", isReached: isSettled },
    coreTransitions: transitions,
    describe: (move) => move,
  };
}

function replicaSteps(state: State, core: LifecycleCore): readonly Step[] {
  const { life, item, isUp } = state;
  const found: Step[] = [];
  if (isUp && item !== null && life?.incarnation !== item) {
    const begun = { ...state, life: { incarnation: item, lifecycle: newLifecycle } };
    found.push(happened(`incarnation ${item} is rendered`, begun, { kind: "rendered" }, core, "ordinary"));
  }
  if (isUp && item === null && life !== null)
    found.push(ordinary("the replica stops the connector", { ...state, life: null }));
  if (life === null) return found;
  if (state.link.length < backlog) {
    for (const event of events) {
      const nature = event.kind === "succeeded" ? "ordinary" : "fault";
      const what = `${nature === "fault" ? "FAULT " : ""}incarnation ${life.incarnation} has ${event.kind}`;
      found.push(happened(what, state, event, core, nature));
    }
  }
  found.push({ ...ordinary("FAULT the replica crashes", { ...state, life: null, link: [] }), nature: "fault" });
  return found;
}

function happened(
  move: string,
  state: State,
  event: LifecycleEvent,
  core: LifecycleCore,
  nature: Step["nature"],
): Step {
  const { incarnation, lifecycle } = state.life!;
  const [after, isReported] = core.next(lifecycle, event);
  const covers = [`${lifecycle.status ?? "new"}: ${event.kind} → ${after.status}${isReported ? ", reported" : ""}`];
  const capped: Lifecycle = { ...after, occurrences: Math.min(after.occurrences, failuresMax) };
  const report: Report = { status: after.status!, incarnation, occurrences: capped.occurrences };
  const problem =
    lifecycle.status === "failed" && after.status !== "failed" && event.kind !== "rendered"
      ? `a connector that had failed for good became ${after.status}`
      : state.problem;
  const link = isReported && state.isUp ? [...state.link, report] : state.link;
  const next: State = { ...state, life: { incarnation, lifecycle: capped }, link, problem };
  return { move, next, nature, covers, actor: actors.replica };
}

function environmentSteps(state: State, core: LifecycleCore, renewals: number): readonly Step[] {
  const { item, isUp, link, waiting, row, life } = state;
  if (!isUp) {
    const resent =
      life === null || life.lifecycle.status === null ? [] : [lastReport(life.incarnation, life.lifecycle)];
    const restored: State = { ...state, isUp: true, link: resent };
    const isMissing = item === null && row !== null && row.status !== "dropped";
    const next = isMissing ? { ...restored, waiting: recorded(restored, dropOf(row.incarnation)) } : restored;
    return [{ ...ordinary("the environment starts", next), actor: actors.environment }];
  }
  const found: Step[] = [];
  const [first, ...others] = link;
  if (first !== undefined) {
    const isKnown = item !== null && core.isCurrent(first.incarnation, item);
    const isLate = isKnown && first.incarnation !== item;
    const problem = isLate ? `incarnation ${first.incarnation} speaks for incarnation ${item}` : state.problem;
    const heard = { ...state, link: others, waiting: isKnown ? recorded(state, first) : waiting, problem };
    const move = `the environment hears "${first.status}" of incarnation ${first.incarnation}`;
    found.push({ ...ordinary(isKnown ? move : `${move}, and ignores it`, heard), actor: actors.link });
  }
  if (waiting.length > 0) found.push({ ...ordinary("rows become durable", written(state)), actor: actors.environment });
  if (item !== null) {
    const dropped: State = { ...state, item: null, waiting: recorded(state, dropOf(item)) };
    found.push({ ...ordinary("the connector is dropped", dropped), actor: null });
    if (item < renewals) {
      const move = `incarnation ${item + 1} takes the place of ${item}`;
      found.push({ ...ordinary(move, { ...state, item: item + 1 }), actor: null });
    }
  }
  const crashed: State = { ...state, isUp: false, link: [], waiting: [] };
  found.push({ ...ordinary("FAULT the environment crashes", crashed), nature: "fault" });
  return found;
}

function lastReport(incarnation: number, { status, occurrences }: Lifecycle): Report {
  return { status: status!, incarnation, occurrences };
}

function dropOf(incarnation: number): Report {
  return { status: "dropped", incarnation, occurrences: 0 };
}

function written(state: State): State {
  let { row, problem } = state;
  for (const each of state.waiting) {
    if (row?.status === "dropped") problem ??= `a row "${each.status}" behind "dropped"`;
    else if (row !== null && each.incarnation < row.incarnation) {
      problem ??= `a row of incarnation ${each.incarnation} behind one of ${row.incarnation}`;
    }
    row = each;
  }
  return { ...state, row, problem, waiting: [] };
}

function ordinary(move: string, next: State): Step {
  return { move, next, nature: "ordinary", covers: [], actor: actors.replica };
}
