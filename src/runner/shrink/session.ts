/**
 * The state of one shrinking: the smallest failing plan so far, what every plan tried turned out to be, and the runs
 * that are left. A plan counts as failing only with the signature that is being shrunk, so that a reduction never slips
 * from one bug to another; other failures that come by are put aside.
 */
import { canonicalJson } from "../../base/json.ts";
import type { RunBudget } from "./ddmin.ts";
import type { Plan, PlanItem } from "../plan/plan.ts";
import type { RunRecord } from "../run/record.ts";

/** Executes a plan. Deterministic, unless the system under test is not. */
export type Try = (plan: Plan) => Promise<RunRecord>;

interface Outcome {
  readonly hasPassed: boolean;
  /** Its run, when it fails with the signature that is being shrunk. */
  readonly failing: RunRecord | null;
}

/** See the head of the file. One object a shrinking; not for concurrent use. */
export class ShrinkSession implements RunBudget {
  readonly signature: string;
  /** Failures with other signatures that came by: each with the smallest plan that showed it. */
  readonly alsoSeen = new Map<string, Plan>();
  readonly #tryPlan: Try;
  readonly #onRun: (session: ShrinkSession) => void;
  readonly #known = new Map<string, Outcome>();
  readonly #adopted = new Set<string>();
  #plan: Plan;
  #record: RunRecord;
  #runs = 0;
  #runsMax: number;

  /** `failing` is trusted to fail as it says; its plan is the first one adopted. `onRun` is called after each run. */
  constructor(failing: RunRecord, tryPlan: Try, runsMax: number, onRun: (session: ShrinkSession) => void = () => {}) {
    if (failing.failure === null) throw new TypeError("only a failing run can be shrunk, this one passed");
    this.signature = failing.failure.signature;
    this.#tryPlan = tryPlan;
    this.#onRun = onRun;
    this.#runsMax = runsMax;
    this.#plan = failing.plan;
    this.#record = failing;
    const key = keyOf(failing.plan);
    this.#known.set(key, { hasPassed: false, failing });
    this.#adopted.add(key);
  }

  /** The smallest failing plan so far. */
  get plan(): Plan {
    return this.#plan;
  }

  /** The run of `plan`. */
  get record(): RunRecord {
    return this.#record;
  }

  /** Executions so far; answers from memory are not counted. */
  get runs(): number {
    return this.#runs;
  }

  get left(): number {
    return Math.max(0, this.#runsMax - this.#runs);
  }

  /** Sets how many executions there may be in all, those already made included. */
  limit(runsMax: number): void {
    this.#runsMax = runsMax;
  }

  /** Does the plan fail in the same way? Undefined when the budget is used up and it was not tried before. */
  async fails(plan: Plan): Promise<boolean | undefined> {
    const outcome = await this.#judge(plan);
    return outcome === null ? undefined : outcome.failing !== null;
  }

  /** Does the plan pass? Undefined when the budget is used up and it was not tried before. */
  async passes(plan: Plan): Promise<boolean | undefined> {
    return (await this.#judge(plan))?.hasPassed;
  }

  /**
   * Makes the plan the smallest one if it fails in the same way. No plan is adopted twice: whatever the candidates are,
   * taking one after another comes to an end.
   */
  async adopt(plan: Plan): Promise<boolean> {
    const key = keyOf(plan);
    if (this.#adopted.has(key)) return false;
    const failing = (await this.#judge(plan))?.failing ?? null;
    if (failing === null) return false;
    this.#adopted.add(key);
    this.#plan = plan;
    this.#record = failing;
    return true;
  }

  /** Executes a plan whether it is known or not, and whatever the budget says. */
  async execute(plan: Plan): Promise<RunRecord> {
    const record = await this.#tryPlan(plan);
    this.#runs++;
    this.#onRun(this);
    return record;
  }

  async #judge(plan: Plan): Promise<Outcome | null> {
    const key = keyOf(plan);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (this.left === 0) return null;
    const record = await this.execute(plan);
    const failure = record.failure;
    const outcome = { hasPassed: failure === null, failing: failure?.signature === this.signature ? record : null };
    this.#known.set(key, outcome);
    if (failure !== null && outcome.failing === null) {
      const seen = this.alsoSeen.get(failure.signature);
      if (seen === undefined || plan.items.length < seen.items.length) this.alsoSeen.set(failure.signature, plan);
    }
    return outcome;
  }
}

/** The plan with other items, sorted as plans are: by time, ops before faults at the same moment, else as given. */
export function withItems(plan: Plan, items: readonly PlanItem[]): Plan {
  const isSorted = items.every((item, index) => index === 0 || compare(items[index - 1]!, item) <= 0);
  return { ...plan, items: isSorted ? items : items.toSorted(compare) };
}

function compare(a: PlanItem, b: PlanItem): number {
  return a.at - b.at || (a.kind === b.kind ? 0 : a.kind === "op" ? -1 : 1);
}

/** The scenario is the same throughout. */
function keyOf(plan: Plan): string {
  return canonicalJson([plan.seed, plan.knobs, plan.items]);
}
