/**
 * Simpler values to try in place of one value of a plan, as a tree: where a candidate still fails, its own candidates
 * come next. A value stays one that its arbitrary can draw, since a plan that no seed produces misleads its reader:
 * - the arbitrary shrinks the value without context: its candidates, simplest first;
 * - it cannot (it maps, chains, builds objects): other draws of it, as far as they are simpler. Those come with the
 *   context of their draw, so they shrink on;
 * - there is no arbitrary (an op or a knob that the scenario no longer has): bisection of the JSON itself.
 * Left out: the context of the value that failed first, which a plan does not hold.
 */
import { Arbitrary, sample, Value, type Random, type Stream } from "fast-check";
import { canonicalJson, toJson, type Json, type JsonObject } from "../../base/json.ts";

/** A value to try, and what to try once it was accepted. */
export interface Candidate {
  readonly value: Json;
  /** Lazy: long values have thousands. */
  readonly simpler: () => Iterable<Candidate>;
}

/** Simpler draws of an arbitrary that cannot shrink; each costs a run. */
const drawsTried = 16;

/** Draws looked at to find these. */
const drawsMade = 64;

/** The same for every draw in here: shrinking is a pure function of its input. */
const drawSeed = 0x5eed;

/** Candidates for `value`, the most promising first. */
export function simplerValues(value: Json, arbitrary: Arbitrary<Json> | undefined): Iterable<Candidate> {
  if (arbitrary === undefined) return structural(value).simpler();
  if (arbitrary.canShrinkWithoutContext(value)) return shrinksOf(arbitrary, new Value(value, undefined), value);
  const simpler = drawn(arbitrary, drawsMade)
    .filter((candidate) => isSimpler(candidate.value, value))
    .toSorted((a, b) => (isSimpler(a.value, b.value) ? -1 : 1));
  // Evenly from the simplest to the nearest: the simplest ones alone may all be too simple to fail.
  const step = Math.max(1, simpler.length / drawsTried);
  return simpler.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step));
}

/** Different JSON values of the arbitrary: of `count` draws, always the same, what remains without repetitions. */
export function drawnValues(arbitrary: Arbitrary<Json>, count: number): readonly Json[] {
  return drawn(arbitrary, count).map((candidate) => candidate.value);
}

/** Is `a` simpler than `b`? The shorter canonical text is, else the one that comes first: a strict total order. */
export function isSimpler(a: Json, b: Json): boolean {
  const left = canonicalJson(a);
  const right = canonicalJson(b);
  return left.length === right.length ? left < right : left.length < right.length;
}

/** Hands out what an arbitrary generates with its context, which `sample` alone would drop. */
class WithContext extends Arbitrary<Value<Json>> {
  readonly #inner: Arbitrary<Json>;

  constructor(inner: Arbitrary<Json>) {
    super();
    this.#inner = inner;
  }

  override generate(random: Random, biasFactor: number | undefined): Value<Value<Json>> {
    return new Value(this.#inner.generate(random, biasFactor), undefined);
  }

  override canShrinkWithoutContext(_value: unknown): _value is Value<Json> {
    return false;
  }

  override shrink(): Stream<Value<Value<Json>>> {
    throw new TypeError("draws are shrunk by the arbitrary that made them");
  }
}

function drawn(arbitrary: Arbitrary<Json>, count: number): readonly Candidate[] {
  const found = new Map<string, Candidate>();
  for (const draw of sample(new WithContext(arbitrary), { seed: drawSeed, numRuns: count })) {
    const value = jsonOf(draw.value);
    if (value === undefined) continue;
    const text = canonicalJson(value);
    if (!found.has(text)) found.set(text, { value, simpler: () => shrinksOf(arbitrary, draw, value) });
  }
  return [...found.values()];
}

function* shrinksOf(arbitrary: Arbitrary<Json>, from: Value<Json>, fromJson: Json): Generator<Candidate> {
  const text = canonicalJson(fromJson);
  // An arbitrary that judged the value it started from can tell whether JSON made another value of a candidate (by
  // dropping undefined or the sign of zero). One that cannot judge says false to everything.
  const canJudge = arbitrary.canShrinkWithoutContext(fromJson);
  for (const shrunk of arbitrary.shrink(from.value, from.context)) {
    const value = jsonOf(shrunk.value);
    if (value === undefined || canonicalJson(value) === text) continue;
    if (canJudge && !arbitrary.canShrinkWithoutContext(value)) continue;
    yield { value, simpler: () => shrinksOf(arbitrary, shrunk, value) };
  }
}

function structural(value: Json): Candidate {
  return {
    value,
    *simpler() {
      for (const simpler of simplerJson(value)) yield structural(simpler);
    },
  };
}

/** Smaller numbers, shorter texts and lists, fewer members; then the same inside the parts. */
function* simplerJson(value: Json): Generator<Json> {
  if (typeof value === "number") yield* simplerNumbers(value);
  else if (typeof value === "string")
    yield* shorter(value.length, (from, to) => value.slice(0, from) + value.slice(to));
  else if (value === true) yield false;
  else if (isList(value)) yield* simplerLists(value);
  else if (typeof value === "object" && value !== null) yield* simplerObjects(value);
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function* simplerNumbers(value: number): Generator<number> {
  if (value === 0) return;
  yield 0;
  if (value < 0) yield -value;
  const whole = Math.trunc(value);
  if (whole !== value && whole !== 0) yield whole;
  // From half of it up to its neighbour: 100 -> 50, 75, 88, 94, 97, 99.
  for (let gap = Math.trunc(whole / 2); gap !== 0; gap = Math.trunc(gap / 2)) yield whole - gap;
}

function* simplerLists(list: readonly Json[]): Generator<Json> {
  yield* shorter(list.length, (from, to) => [...list.slice(0, from), ...list.slice(to)]);
  for (let index = 0; index < list.length; index++) {
    for (const item of simplerJson(list[index]!)) yield list.map((other, at) => (at === index ? item : other));
  }
}

function* simplerObjects(object: JsonObject): Generator<Json> {
  const keys = Object.keys(object);
  for (const key of keys) yield Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
  for (const key of keys) {
    for (const member of simplerJson(object[key]!)) yield { ...object, [key]: member };
  }
}

/** Nothing at all, then without each half, each quarter ... each element. */
function* shorter<T>(length: number, without: (from: number, to: number) => T): Generator<T> {
  for (let size = length; size > 0; size = Math.trunc(size / 2)) {
    for (let from = 0; from < length; from += size) yield without(from, Math.min(length, from + size));
  }
}

/** Undefined for what a plan cannot hold, such as NaN or a Map. */
function jsonOf(value: unknown): Json | undefined {
  try {
    return toJson(value);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
