/**
 * What is known of each item of a failing plan: do other values fail as well, and between which times? One item is
 * varied at a time, the others stay. A reader learns from it what matters about an item and what does not.
 * The window is found by bisection between the item's time and the first and last moment there is. Where a plan fails,
 * passes and fails again along the way, it is the edge of one of its parts, not of all.
 */
import { canonicalJson, type Json, type JsonObject } from "../../base/json.ts";
import type { Micros } from "../../base/time.ts";
import type { SimDefinition } from "../definition.ts";
import type { ItemExplanation } from "../finding/finding.ts";
import type { FaultItem, Plan, PlanItem } from "../plan/plan.ts";
import type { RunRecord } from "../run/record.ts";
import { drawnValues, simplerValues } from "./candidates.ts";
import { ShrinkSession, withItems, type Try } from "./session.ts";
import { movedTo, roundBetween } from "./times.ts";
import { paramsOf } from "./values.ts";

/** The k-th other value (of a fault: parameters) of an item; the same k gives the same value. */
export type DrawValue = (item: PlanItem, k: number) => Json;

/** Other values tried an item. */
const valuesMax = 8;

/** Draws looked at to find these: some repeat, some are the value itself. */
const drawsMax = 32;

/** The window's edges are found to within this part of their distance from the item's time, or a millisecond. */
const windowParts = 16;

/**
 * Explains the items of a failing run's plan with at most `maxRuns` executions, shared evenly between them. An item
 * whose share is used up keeps what was found so far. Deterministic when `tryPlan` and `draw` are.
 */
export async function explain(
  definition: SimDefinition,
  failing: RunRecord,
  tryPlan: Try,
  options: { readonly maxRuns: number; readonly draw?: DrawValue },
): Promise<{ readonly explanation: readonly ItemExplanation[]; readonly runs: number }> {
  const session = new ShrinkSession(failing, tryPlan, options.maxRuns);
  return { explanation: await explainItems(definition, session, options.draw), runs: session.runs };
}

/** `explain` for the plan of a session, with the runs that it has left. The session's plan stays. */
export async function explainItems(
  definition: SimDefinition,
  session: ShrinkSession,
  draw?: DrawValue,
): Promise<readonly ItemExplanation[]> {
  const { plan } = session;
  const runsMax = session.runs + session.left;
  const explanation: ItemExplanation[] = [];
  for (let index = 0; index < plan.items.length; index++) {
    const share = Math.floor((runsMax - session.runs) / (plan.items.length - index));
    session.limit(session.runs + share);
    explanation.push({
      item: index,
      ...(await explainValues(definition, session, index, draw)),
      ...(await explainTimes(definition, session, index)),
    });
  }
  session.limit(runsMax);
  return explanation;
}

async function explainValues(
  definition: SimDefinition,
  session: ShrinkSession,
  index: number,
  draw: DrawValue | undefined,
): Promise<Pick<ItemExplanation, "values" | "valuesTried">> {
  const item = session.plan.items[index]!;
  let valuesTried = 0;
  let failing = 0;
  for (const value of otherValues(definition, item, draw)) {
    const other: PlanItem = item.kind === "op" ? { ...item, value } : { ...item, params: value as JsonObject };
    const fails = await session.fails(replaced(session.plan, index, other));
    if (fails === undefined) break;
    valuesTried++;
    if (fails) failing++;
  }
  if (valuesTried === 0) return { values: "none", valuesTried };
  return { values: failing === valuesTried ? "any" : failing === 0 ? "only" : "some", valuesTried };
}

function otherValues(definition: SimDefinition, item: PlanItem, draw: DrawValue | undefined): readonly Json[] {
  const own = item.kind === "op" ? item.value : item.params;
  const drawn = draw === undefined ? ownDraws(definition, item) : draws(item, draw);
  const others = new Map(drawn.map((value) => [canonicalJson(value), value]));
  others.delete(canonicalJson(own));
  return [...others.values()].slice(0, valuesMax);
}

function draws(item: PlanItem, draw: DrawValue): readonly Json[] {
  return Array.from({ length: drawsMax }, (_, k) => draw(item, k));
}

function ownDraws(definition: SimDefinition, item: PlanItem): readonly Json[] {
  if (item.kind === "fault") return paramDraws(definition, item);
  const arbitrary = definition.ops[item.op];
  if (arbitrary !== undefined) return drawnValues(arbitrary, drawsMax);
  return [...simplerValues(item.value, undefined)].slice(0, valuesMax).map((candidate) => candidate.value);
}

/** Every parameter's k-th draw together, starting over with those that have fewer. */
function paramDraws(definition: SimDefinition, item: FaultItem): readonly Json[] {
  const params = paramsOf(definition, item);
  const columns = Object.keys(item.params).map((name): readonly [string, readonly Json[]] => {
    const arbitrary = params[name];
    return [name, arbitrary === undefined ? [item.params[name]!] : drawnValues(arbitrary, drawsMax)];
  });
  const rows = Math.max(0, ...columns.map(([, values]) => values.length));
  return Array.from({ length: rows }, (_, row) =>
    Object.fromEntries(columns.map(([name, values]) => [name, values[row % values.length]!])),
  );
}

async function explainTimes(
  definition: SimDefinition,
  session: ShrinkSession,
  index: number,
): Promise<Pick<ItemExplanation, "earliest" | "latest" | "timesTried">> {
  const item = session.plan.items[index]!;
  // Plans draw faults in the first nine tenths, and none lasts beyond the end.
  const last = item.kind === "op" ? definition.duration - 1 : Math.floor((definition.duration / 10) * 9);
  const end = item.kind === "op" ? definition.duration : Math.max(definition.duration, item.until);
  let timesTried = 0;
  const fails = async (at: number): Promise<boolean | undefined> => {
    const answer = await session.fails(replaced(session.plan, index, movedTo(item, at, end)));
    if (answer !== undefined) timesTried++;
    return answer;
  };
  const earliest = item.at > 0 ? await edge(item.at, 0, fails) : item.at;
  const latest = item.at < last ? await edge(item.at, last, fails) : item.at;
  return { earliest: earliest as Micros, latest: latest as Micros, timesTried };
}

/** The time nearest to `limit` that was seen to fail, going there from `at`, which fails. */
async function edge(at: number, limit: number, fails: (at: number) => Promise<boolean | undefined>): Promise<number> {
  const atLimit = await fails(limit);
  if (atLimit !== false) return atLimit === true ? limit : at;
  let failing = at;
  let passing = limit;
  while (Math.abs(failing - passing) > Math.max(1_000, Math.floor(Math.abs(failing - at) / windowParts))) {
    const middle = roundBetween(Math.min(failing, passing), Math.max(failing, passing));
    const answer = await fails(middle);
    if (answer === undefined) break;
    if (answer) failing = middle;
    else passing = middle;
  }
  return failing;
}

function replaced(plan: Plan, index: number, item: PlanItem): Plan {
  return withItems(
    plan,
    plan.items.map((other, at) => (at === index ? item : other)),
  );
}
