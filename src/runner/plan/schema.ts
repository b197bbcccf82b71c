/**
 * The schema of plans that come from outside: files, tokens, other processes. It says whether a plan is well formed and
 * within bounds; whether a scenario has its ops and faults is seen when it is run. The order of items is not checked:
 * whoever moves an item in a file need not move its line.
 */
import { z } from "zod";
import type { Json, JsonObject } from "../../base/json.ts";
import type { Micros } from "../../base/time.ts";
import type { Plan } from "./plan.ts";
import { UsageError } from "../../base/errors.ts";
import { unknownName } from "../../base/nearest.ts";
import { planLimits, problemText, placeText, shownText, valueProblem } from "./json.ts";
import { seedPattern } from "./seed.ts";

const whole = "whole numbers from 0 to 9007199254740991";
const moment = wholeNumber(`${whole} (microseconds of virtual time)`) as unknown as z.ZodType<Micros>;

const opItem = strict("an op item", {
  kind: z.literal("op"),
  at: moment,
  op: text("the name of an op"),
  session: wholeNumber(whole),
  value: json<Json>("value"),
});

const faultItem = strict("a fault item", {
  kind: z.literal("fault"),
  at: moment,
  until: moment,
  fault: text("the id of a fault"),
  params: json<JsonObject>("object"),
}).refine((item) => item.until >= item.at, { path: ["until"], error: "moments from the item's `at` on" });

const item = z.discriminatedUnion("kind", [opItem, faultItem], {
  error: (issue) => (issue.code === "invalid_union" ? '"op" and "fault"' : "an item: an object with a kind"),
});

/** A list is measured before it is looked into: a long one would cost a message for every item. */
const items = z
  .unknown()
  .refine((value) => Array.isArray(value) && value.length <= planLimits.items, {
    error: `lists of up to ${planLimits.items} items`,
  })
  .pipe(z.array(item));

/** A plan in a file; parsing gives a `Plan`. */
export const planSchema = strict("a plan", {
  scenario: text("the name of a scenario"),
  seed: z.string("a seed of 13 digits").regex(seedPattern, "seeds of 13 digits, like 7k3q9zt4mvx2c"),
  knobs: json<JsonObject>("object"),
  items,
});

/** Checks a value that should be a plan. Throws `UsageError`: one line with `name`, the place, what is there, what may be. */
export function parsePlan(value: unknown, name: string): Plan {
  return parseWith(planSchema, value, name);
}

/** Checks a value with a schema made of the parts in this file; the first problem becomes a `UsageError` as in `parsePlan`. */
export function parseWith<T>(schema: z.ZodType<T>, value: unknown, name: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { issues } = result.error;
  // A mistyped key is also a missing one; naming the typo says more.
  const issue = issues.find((each) => each.code === "unrecognized_keys") ?? issues[0]!;
  if (issue.code === "unrecognized_keys") {
    throw new UsageError(`${name}: ${placeText("", issue.path) || "top level"}: ${issue.message}`);
  }
  const problem = { path: issue.path, value: valueAt(value, issue.path), allowed: issue.message };
  throw new UsageError(`${name}: ${problemText(issue.path.length === 0 ? "top level" : "", problem)}`);
}

/** An object with these members and no others; an unknown one is answered with the nearest that is known. */
export function strict<S extends z.core.$ZodLooseShape>(what: string, shape: S) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? unknownName("key", shownText(issue.keys[0]!), Object.keys(shape))
        : `${what}: an object with ${Object.keys(shape).join(", ")}`,
  });
}

/** A text within the bounds of a plan. */
export function text(what: string, min = 1) {
  const allowed = `${what}, a text of up to ${planLimits.textLength} characters`;
  return z.string(allowed).min(min, allowed).max(planLimits.textLength, allowed);
}

/** A whole number from 0 that a JSON number holds exactly. */
export function wholeNumber(allowed: string) {
  return z.int(allowed).min(0, allowed);
}

function json<T extends Json>(kind: "value" | "object") {
  return z.custom<T>().check((context) => {
    const value: unknown = context.value;
    const isRight = kind === "value" || (typeof value === "object" && value !== null && !Array.isArray(value));
    const problem = isRight ? valueProblem(value) : { path: [], allowed: "an object" };
    if (problem === undefined) return;
    context.issues.push({ code: "custom", input: value, path: [...problem.path], message: problem.allowed });
  });
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[step];
  }
  return value;
}
