/**
 * What a value in a plan may be: JSON within bounds, so that every plan that is drawn can be stored, and no stored one
 * exhausts the machine that reads it. Bounds are generous: plans are read by people.
 */

/** Bounds of every plan. Texts count UTF-16 code units; the depth of a scalar is 0. */
export const planLimits = { items: 100_000, textLength: 10_000, depth: 32 } as const;

export interface ValueProblem {
  /** Keys and indices from the value down to what is wrong. */
  readonly path: readonly PropertyKey[];
  readonly value: unknown;
  /** What could stand there instead. */
  readonly allowed: string;
}

/** The first thing in a value that a plan cannot hold, or undefined. Looks no deeper than plans go. */
export function valueProblem(value: unknown, depth = 0): ValueProblem | undefined {
  const allowed = allowedInstead(value, depth);
  if (allowed !== undefined) return { path: [], value, allowed };
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      const problem = valueProblem(value[index], depth + 1);
      if (problem !== undefined) return { ...problem, path: [index, ...problem.path] };
    }
  } else if (typeof value === "object" && value !== null) {
    for (const key of Object.keys(value)) {
      if (key === "__proto__") return { path: [], value, allowed: 'objects without the key "__proto__"' };
      if (key.length > planLimits.textLength)
        return { path: [], value, allowed: `objects with keys of up to ${planLimits.textLength} characters` };
      const problem = valueProblem((value as Record<string, unknown>)[key], depth + 1);
      if (problem !== undefined) return { ...problem, path: [key, ...problem.path] };
    }
  }
  return undefined;
}

/** One line for a wrong value: where it is, what it is, what is allowed there. */
export function problemText(root: string, problem: ValueProblem): string {
  const state = problem.value === undefined ? "is missing" : `is ${shownValue(problem.value)}`;
  return `${placeText(root, problem.path)} ${state}; allowed: ${problem.allowed}`;
}

/** A place in a value as people write it: `plan.items[3]["b c"]`. */
export function placeText(root: string, path: readonly PropertyKey[]): string {
  let text = root;
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else if (/^[A-Za-z_$][\w$]{0,60}$/.test(String(step))) text += text === "" ? String(step) : `.${String(step)}`;
    else text += `["${shownText(String(step))}"]`;
  }
  return text;
}

/** A text from outside on one line, cut to what a message can hold, control characters escaped. */
export function shownText(text: string): string {
  const cut = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  const escaped = JSON.stringify(cut).slice(1, -1);
  return escaped.replace(
    /[\x7f-\x9f\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

const shorterText = `texts of up to ${planLimits.textLength} characters`;

function allowedInstead(value: unknown, depth: number): string | undefined {
  switch (typeof value) {
    case "boolean":
      return undefined;
    case "string":
      return value.length > planLimits.textLength ? shorterText : undefined;
    case "number":
      return Number.isFinite(value) ? undefined : "finite numbers";
    case "object":
      if (value === null) return undefined;
      if (!Array.isArray(value) && !isPlain(value)) return "JSON values";
      return depth >= planLimits.depth ? `values nested up to ${planLimits.depth} levels deep` : undefined;
    default:
      return "JSON values";
  }
}

function shownValue(value: unknown): string {
  if (typeof value === "string") {
    const size = value.length > 60 ? ` (${value.length} characters)` : "";
    return `"${shownText(value)}"${size}`;
  }
  if (Array.isArray(value)) return `a list of ${value.length} items`;
  if (typeof value === "object" && value !== null) return "an object";
  return typeof value === "function" || typeof value === "symbol" ? `a ${typeof value}` : String(value);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
