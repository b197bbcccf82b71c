/** What plans and repros must refuse at compile time, and what reading them gives. */
import { describe, expectTypeOf, it } from "vitest";
import type { Micros } from "../../src/base/time.ts";
import type { FaultItem, OpItem, Plan } from "../../src/runner/plan/plan.ts";
import type { Repro } from "../../src/runner/finding/repro.ts";
import { generatePlan } from "../../src/runner/plan/generate.ts";
import { parsePlan } from "../../src/runner/plan/schema.ts";
import { decodeRepro, encodeRepro, readRepro } from "../../src/runner/finding/repro.ts";

describe("plans", () => {
  it("are the same type whether drawn or read", () => {
    expectTypeOf(generatePlan).returns.toEqualTypeOf<Plan>();
    expectTypeOf(parsePlan).returns.toEqualTypeOf<Plan>();
    expectTypeOf<Plan["items"][number]["at"]>().toEqualTypeOf<Micros>();
  });

  it("tell ops from faults by their kind", () => {
    const narrow = (item: Plan["items"][number]): void => {
      if (item.kind === "op") expectTypeOf(item).toEqualTypeOf<OpItem>();
      else expectTypeOf(item).toEqualTypeOf<FaultItem>();
    };
    expectTypeOf(narrow).returns.toBeVoid();
  });

  it("cannot be changed in place, and hold no bare number for a moment", () => {
    const change = (plan: Plan, item: OpItem): void => {
      // @ts-expect-error plans are values
      plan.seed = "0000000000000";
      // @ts-expect-error so are their items
      plan.items.push(item);
    };
    expectTypeOf(change).returns.toBeVoid();
    // @ts-expect-error a number of unknown unit is no moment
    const item: OpItem = { kind: "op", at: 5, op: "put", session: 0, value: 1 };
    expectTypeOf(item).toExtend<OpItem>();
  });
});

describe("repros", () => {
  it("are read as they are written", () => {
    expectTypeOf(encodeRepro).parameter(0).toEqualTypeOf<Repro>();
    expectTypeOf(decodeRepro).returns.toEqualTypeOf<Repro>();
    expectTypeOf(readRepro).returns.toEqualTypeOf<Repro>();
    expectTypeOf<Repro["schemaVersion"]>().toEqualTypeOf<1>();
  });
});
