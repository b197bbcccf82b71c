import fc from "fast-check";
import type { Plan } from "../../../src/runner/plan/plan.ts";
import { describe, expect, it } from "vitest";
import { UsageError } from "../../../src/base/errors.ts";
import { micros } from "../../../src/base/time.ts";
import { parsePlan } from "../../../src/runner/plan/schema.ts";
import { anyRepro } from "./plan-fixture.ts";

const op = { kind: "op", at: micros(1), op: "put", session: 0, value: { key: 3 } };
const fault = { kind: "fault", at: micros(2), until: micros(9), fault: "net.clog", params: { host: "a" } };
const plan = { scenario: "kv", seed: "7k3q9zt4mvx2c", knobs: { replicas: 2 }, items: [op, fault] };
const withOp = (changes: object): object => ({ ...plan, items: [fault, { ...op, ...changes }] });
const withFault = (changes: object): object => ({ ...plan, items: [{ ...fault, ...changes }] });

describe("a plan from outside", () => {
  it("is read as it is", () => {
    expect(parsePlan(plan, "a.json")).toEqual(plan);
    fc.assert(
      fc.property(anyRepro, (repro) => {
        expect(parsePlan(repro.plan, "a.json")).toEqual(repro.plan);
      }),
    );
  });

  it("may hold its items in any order and a fault of no length", () => {
    const items = [fault, { ...fault, until: fault.at }, op];
    expect(parsePlan({ ...plan, items }, "a.json").items).toEqual(items);
  });

  it.each<[unknown, string]>([
    [null, "top level is null; allowed: a plan: an object with scenario, seed, knobs, items"],
    [[], "top level is a list of 0 items; allowed: a plan: an object with scenario, seed, knobs, items"],
    [{ ...plan, scenario: "" }, 'scenario is ""; allowed: the name of a scenario'],
    [{ ...plan, seed: "7K3Q9ZT4MVX2C" }, 'seed is "7K3Q9ZT4MVX2C"; allowed: seeds of 13 digits'],
    [{ ...plan, seed: 42 }, "seed is 42; allowed: a seed of 13 digits"],
    [{ ...plan, knobs: [1] }, "knobs is a list of 1 items; allowed: an object"],
    [{ ...plan, knobs: undefined }, "knobs is missing; allowed: an object"],
    [{ ...plan, knobs: { a: "x".repeat(10_001) } }, "(10001 characters); allowed: texts of up to 10000 characters"],
    [{ ...plan, items: {} }, "items is an object; allowed: lists of up to 100000 items"],
    [{ ...plan, itmes: [] }, 'top level: unknown key "itmes"; did you mean "items"?'],
    [{ ...plan, "\u001b[2J": 1 }, 'top level: unknown key "\\u001b[2J"'],
    [{ ...plan, items: [op, 3] }, "items[1] is 3; allowed: an item: an object with a kind"],
    [withOp({ kind: "oops" }), 'items[1].kind is "oops"; allowed: "op" and "fault"'],
    [withOp({ at: -1 }), "items[1].at is -1; allowed: whole numbers from 0 to 9007199254740991"],
    [withOp({ at: 1.5 }), "items[1].at is 1.5; allowed: whole numbers from 0"],
    [withOp({ at: 2 ** 53 }), "items[1].at is 9007199254740992; allowed: whole numbers from 0"],
    [withOp({ at: "1s" }), 'items[1].at is "1s"; allowed: whole numbers from 0'],
    [withOp({ session: -1 }), "items[1].session is -1; allowed: whole numbers from 0"],
    [withOp({ value: undefined }), "items[1].value is missing; allowed: JSON values"],
    [withOp({ value: { a: [Number.NaN] } }), "items[1].value.a[0] is NaN; allowed: finite numbers"],
    [withOp({ until: 3 }), 'items[1]: unknown key "until"'],
    [withFault({ until: 1 }), "items[0].until is 1; allowed: moments from the item's `at` on"],
    [withFault({ params: null }), "items[0].params is null; allowed: an object"],
    [withFault({ until: undefined, untill: 3 }), 'items[0]: unknown key "untill"; did you mean "until"?'],
    [withFault({ params: JSON.parse('{"__proto__": {"a": 1}}') }), 'allowed: objects without the key "__proto__"'],
  ])("is refused in one line that names file, place, value and what is allowed: %#", (value, message) => {
    const attempt = (): Plan => parsePlan(value, "a.json");
    expect(attempt).toThrow(UsageError);
    expect(attempt).toThrow(`a.json: ${message.startsWith("allowed") || message.startsWith("(") ? "" : message}`);
    expect(attempt).toThrow(message);
    expect(attempt).not.toThrow("\n");
  });

  it("is refused at once when its list is too long", () => {
    const items = Array.from({ length: 3_000_000 }, () => 0);
    expect(() => parsePlan({ ...plan, items }, "a.json")).toThrow(
      "a.json: items is a list of 3000000 items; allowed: lists of up to 100000 items",
    );
  });
});
