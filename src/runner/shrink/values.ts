/**
 * Simpler knobs, values, sessions and times for a plan whose items are settled, one change at a time, until a whole pass
 * changes nothing: a local minimum. Every place is given the same patience in a pass, and more in the next, so that
 * one long text does not eat the runs of all the others.
 */
import type { Arbitrary } from "fast-check";
import type { Json } from "../../base/json.ts";
import type { FaultUse, SimDefinition } from "../definition.ts";
import type { FaultItem, PlanItem } from "../plan/plan.ts";
import { simplerValues } from "./candidates.ts";
import { withItems, type ShrinkSession } from "./session.ts";
import { closeGaps, shrinkTimes } from "./times.ts";

/** Candidates that one place may try in the first pass, and in the last. */
const patienceMin = 24;
const patienceMax = 4_096;

/** Shrinks the session's plan; its number of items stays. Returns whether anything changed. */
export async function shrinkValues(definition: SimDefinition, session: ShrinkSession): Promise<boolean> {
  const start = session.plan;
  let patience = patienceMin;
  for (;;) {
    const before = session.plan;
    let isSettled = await shrinkKnobs(definition, session, patience);
    for (let index = 0; index < session.plan.items.length && session.left > 0; index++) {
      isSettled = (await shrinkItem(definition, session, session.plan.items[index]!, patience)) && isSettled;
    }
    await closeGaps(session.plan.items, (items) => session.adopt(withItems(session.plan, items)));
    if (session.left === 0) break;
    if (session.plan !== before) continue;
    if (isSettled || patience >= patienceMax) break;
    patience *= 2;
  }
  return session.plan !== start;
}

/** The arbitraries that draw a fault's parameters; none for a fault that the scenario no longer uses. */
export function paramsOf(definition: SimDefinition, item: FaultItem): FaultUse["params"] {
  return definition.faults.find((use) => use.fault.id === item.fault)?.params ?? {};
}

async function shrinkKnobs(definition: SimDefinition, session: ShrinkSession, patience: number): Promise<boolean> {
  let isSettled = true;
  for (const knob of Object.keys(session.plan.knobs)) {
    const arbitrary = definition.knobs[knob];
    const replace = (value: Json): Promise<boolean> =>
      session.adopt({ ...session.plan, knobs: { ...session.plan.knobs, [knob]: value } });
    isSettled = (await descend(session, session.plan.knobs[knob]!, arbitrary, patience, replace)) && isSettled;
  }
  return isSettled;
}

async function shrinkItem(
  definition: SimDefinition,
  session: ShrinkSession,
  item: PlanItem,
  patience: number,
): Promise<boolean> {
  let current = item;
  // A new time may move the item within the plan, hence by identity and not by index.
  const replace = async (next: PlanItem): Promise<boolean> => {
    const items = session.plan.items.map((other) => (other === current ? next : other));
    const isTaken = await session.adopt(withItems(session.plan, items));
    if (isTaken) current = next;
    return isTaken;
  };
  let isSettled = true;
  if (item.kind === "op") {
    const op = item;
    isSettled = await descend(session, op.value, definition.ops[op.op], patience, (value) =>
      replace({ ...(current as typeof op), value }),
    );
    for (let lower = 0; lower < op.session; lower++) {
      if (await replace({ ...(current as typeof op), session: lower })) break;
    }
  } else {
    const params = paramsOf(definition, item);
    for (const name of Object.keys(item.params)) {
      const put = (value: Json): Promise<boolean> => {
        const fault = current as FaultItem;
        return replace({ ...fault, params: { ...fault.params, [name]: value } });
      };
      isSettled = (await descend(session, item.params[name]!, params[name], patience, put)) && isSettled;
    }
  }
  await shrinkTimes(definition, current, replace);
  return isSettled;
}

/** Down the tree of candidates, the first that is accepted each time. False when the patience ended before the tree. */
async function descend(
  session: ShrinkSession,
  value: Json,
  arbitrary: Arbitrary<Json> | undefined,
  patience: number,
  replace: (value: Json) => Promise<boolean>,
): Promise<boolean> {
  let tried = 0;
  let candidates = simplerValues(value, arbitrary);
  for (;;) {
    let simpler: typeof candidates | null = null;
    for (const candidate of candidates) {
      if (tried++ === patience || session.left === 0) return false;
      if (await replace(candidate.value)) {
        simpler = candidate.simpler();
        break;
      }
    }
    if (simpler === null) return true;
    candidates = simpler;
  }
}
