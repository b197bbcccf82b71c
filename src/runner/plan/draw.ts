/**
 * Draws single values from fast-check arbitraries. fast-check's own runner seeds its generator with 32 bits; here it is
 * handed ours, one alea stream for each value, named after what the value is for. So a value depends on the seed and on
 * its name, and never on how many others were drawn before it.
 */
import type { Json, JsonObject } from "../../base/json.ts";
import type { Stream } from "../../kernel/rng.ts";
import { type Arbitrary, Random } from "fast-check";
import { UsageError } from "../../base/errors.ts";
import { toJson } from "../../base/json.ts";
import { below } from "../../kernel/rng.ts";
import { problemText, valueProblem } from "./json.ts";

/**
 * fast-check's generator over a stream. Copies read the same words, which are kept: an arbitrary clones its generator to
 * be able to draw the same again.
 */
class StreamGenerator {
  readonly #source: Stream;
  readonly #words: number[];
  #position: number;

  constructor(source: Stream, words: number[] = [], position = 0) {
    this.#source = source;
    this.#words = words;
    this.#position = position;
  }

  clone(): StreamGenerator {
    return new StreamGenerator(this.#source, this.#words, this.#position);
  }

  next(): number {
    while (this.#position >= this.#words.length) this.#words.push(this.#source.int32());
    return this.#words[this.#position++]!;
  }

  getState(): readonly number[] {
    return [this.#position];
  }
}

/**
 * One value of an arbitrary from a stream, as plain JSON within the bounds of a plan. Every other draw prefers edge values
 * as fast-check does (one in two of its decisions). A member `__proto__`, which files refuse, is left out. Throws
 * `UsageError` that starts with `where` when there is no such value.
 */
export function drawValue(arbitrary: Arbitrary<Json>, source: Stream, where: string): Json {
  if (typeof (arbitrary as Partial<Arbitrary<Json>> | undefined)?.generate !== "function") {
    throw new UsageError(`${where}: no fast-check arbitrary, such as fc.nat(9), but ${typeof arbitrary}`);
  }
  const biasFactor = below(source, 2) === 0 ? 2 : undefined;
  return plainJson(generated(arbitrary, source, biasFactor, where), where);
}

/** A whole number in [min, max] from a stream; both below 2^53. */
export function drawWithin(source: Stream, min: number, max: number): number {
  const n = max - min + 1;
  if (n <= 4_294_967_296) return min + below(source, n);
  const high = BigInt(source.int32() >>> 0);
  const low = BigInt(source.int32() >>> 0);
  return min + Number((((high << 32n) | low) * BigInt(n)) >> 64n);
}

function generated(arbitrary: Arbitrary<Json>, source: Stream, biasFactor: number | undefined, where: string): unknown {
  try {
    return arbitrary.generate(new Random(new StreamGenerator(source)), biasFactor).value;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${where}: the arbitrary threw "${message}"`, { cause: error });
  }
}

function plainJson(value: unknown, where: string): Json {
  let json: Json;
  try {
    json = withoutProto(toJson(value));
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    const message = error instanceof TypeError ? error.message : "$ is nested too deeply";
    throw new UsageError(`${where}: ${message}`, { cause: error });
  }
  const problem = valueProblem(json);
  if (problem !== undefined) throw new UsageError(`${where}: ${problemText("$", problem)}`);
  return json;
}

function withoutProto(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutProto);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value as JsonObject).filter(([key]) => key !== "__proto__");
  return Object.fromEntries(members.map(([key, member]) => [key, withoutProto(member)]));
}
