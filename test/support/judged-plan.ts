/** A system under test that is nothing but a rule over plans: for tests of what works on any system. */
import { canonicalJson, type Json } from "../../src/base/json.ts";
import { hashText, hex64 } from "../../src/base/hash.ts";
import { micros } from "../../src/base/time.ts";
import type { SimDefinition } from "../../src/runner/definition.ts";
import type { FaultItem, OpItem, Plan, PlanItem } from "../../src/runner/plan/plan.ts";
import type { RunRecord } from "../../src/runner/run/record.ts";

/** What a rule says of a plan: the signature it fails with, and when; or null. */
export type Rule = (plan: Plan) => string | { readonly signature: string; readonly at: number } | null;

/** The record of a run of `plan` under `rule`; its hash is a function of the plan alone. */
export function judged(plan: Plan, rule: Rule, salt = ""): RunRecord {
  const ruled = rule(plan);
  const said = typeof ruled === "string" ? { signature: ruled, at: 10_000_000 } : ruled;
  const text = canonicalJson(plan) + salt;
  return {
    plan,
    bug: null,
    verdict: said === null ? "passed" : "violated",
    failure:
      said === null
        ? null
        : {
            verdict: "violated",
            signature: said.signature,
            invariant: said.signature,
            subject: "",
            message: "",
            at: micros(said.at),
            process: null,
            event: 1,
          },
    hash: hex64(hashText(text), hashText(text, 1)),
    events: 1,
    endedAt: micros(10_000_000),
    faults: [],
    reached: [],
    console: [],
    checkpoints: [],
    trace: [],
  };
}

/** Executes plans under `rule` and counts them. */
export function judge(rule: Rule): { readonly run: (plan: Plan) => Promise<RunRecord>; readonly plans: Plan[] } {
  const plans: Plan[] = [];
  return {
    plans,
    run: (plan) => {
      plans.push(plan);
      return Promise.resolve(judged(plan, rule));
    },
  };
}

export function op(at: number, name: string, value: Json = null, session = 0): OpItem {
  return { kind: "op", at: micros(at), op: name, session, value };
}

export function fault(at: number, until: number, name: string, params: { [name: string]: Json } = {}): FaultItem {
  return { kind: "fault", at: micros(at), until: micros(until), fault: name, params };
}

export function plan(items: readonly PlanItem[], knobs: { [name: string]: Json } = {}): Plan {
  return { scenario: "judged", seed: "0000000000001", knobs, items };
}

/** Names of a plan's ops and faults, in order. */
export function names(of: Plan): readonly string[] {
  return of.items.map((item) => (item.kind === "op" ? item.op : item.fault));
}

/** A simulation of 10 s that draws `parts`, and nothing else. */
export function definition(parts: Partial<SimDefinition> = {}): SimDefinition {
  return {
    name: "judged",
    doc: "",
    duration: micros(10_000_000),
    ops: {},
    opsCount: { min: 0, max: 100 },
    sessions: 4,
    knobs: {},
    faults: [],
    faultsCount: { min: 0, max: 10 },
    invariants: [],
    sometimes: {},
    policies: {},
    bugs: [],
    tolerate: [],
    budget: { events: 1_000, burst: 1_000, virtual: micros(10_000_000) },
    body: () => Promise.resolve(),
    ...parts,
  };
}
