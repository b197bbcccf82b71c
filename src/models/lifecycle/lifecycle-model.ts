/**
 * A connector from its creation to its end: the lifecycle core on a replica, its reports on their way, and the status log
 * of the environment, which are the engine's own. Replica and environment die and come back at any point; the connector is
 * rendered anew on purpose, and dropped, at any point. Assumed, as the engine's shells do: one process runs the connector
 * at a time, reports of one arrive in order, a new controller is told the last one again, and what was dropped is dropped
 * once more at boot if its last row is missing.
 */
import type { Lifecycle } from "../../engine/connectors/lifecycle.ts";
import type { Model, Transition } from "../../explore/model.ts";
import type { LifecycleCore, Problem, State } from "./state.ts";
import { isSettled, recorded, type Report } from "./status-table.ts";
import { lifecycleProperties } from "./properties.ts";
import { lifecycleTransitions } from "./coverage.ts";
import { partsOf } from "./parts.ts";
import { Replica } from "./replica.ts";

type Step = Transition<State, string>;

const actors = { environment: 1, link: 2 } as const;

/** How large a world is. */
export interface LifecycleExtent {
  /** Times that the connector is rendered anew on purpose, at most. */
  readonly renewals: number;
  /** Parts of it that can lose their brokers. */
  readonly parts: number;
}

/** One connector. */
export function lifecycleModel(
  title: string,
  core: LifecycleCore,
  { renewals, parts }: LifecycleExtent,
): Model<State, string> {
  const replica = new Replica(core);
  const initial: State = {
    item: 0,
    life: null,
    parts: partsOf(parts),
    link: [],
    isUp: true,
    row: null,
    waiting: [],
    problem: null,
  };
  return {
    title,
    initial: [initial],
    enabled: (state) => [...replica.steps(state), ...environmentSteps(state, core, renewals)],
    key: keyOf,
    properties: lifecycleProperties,
    goal: { id: "L-CONN-4", doc: "the last row says how the connector is", isReached: isSettled },
    coreTransitions: lifecycleTransitions,
    describe: (move) => move,
  };
}

/** What a state differs in, without the names of what is in each. */
function keyOf({ item, life, parts, link, isUp, row, waiting, problem }: State): string {
  const told = (reports: readonly (Report | null)[]): string =>
    reports.map((each) => (each === null ? "" : `${each.status}${each.incarnation}${each.occurrences}`)).join();
  const core = life?.lifecycle;
  const vain = core?.vain.map((each) => `${each.part}/${each.attempts}/${each.since}`).join() ?? "";
  const ran = core === undefined ? "" : `${life!.incarnation} ${core.status} ${core.trouble?.code} ${core.occurrences}`;
  const tried = parts.map(({ isOut, attempts, isLong }) => `${isOut}${attempts}${isLong}`).join();
  const rest = `${item};${isUp};${problem === null ? "" : JSON.stringify(problem)}`;
  return `${ran};${vain};${tried};${told(link)};${told([row])};${told(waiting)};${rest}`;
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
    const late = `incarnation ${first.incarnation} speaks for incarnation ${item}`;
    const problem = isLate ? misrecorded(late) : state.problem;
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
    if (row?.status === "dropped") problem ??= misrecorded(`a row "${each.status}" behind "dropped"`);
    else if (row !== null && each.incarnation < row.incarnation) {
      problem ??= misrecorded(`a row of incarnation ${each.incarnation} behind one of ${row.incarnation}`);
    }
    row = each;
  }
  return { ...state, row, problem, waiting: [] };
}

function misrecorded(message: string): Problem {
  return { property: "S-CONN-2", message };
}

function ordinary(move: string, next: State): Step {
  return { move, next, nature: "ordinary", covers: [], actor: null };
}
