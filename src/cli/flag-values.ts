/** The values of flags, from their texts. Each function throws `UsageError` naming the flag, the value and what is allowed. */
import { UsageError } from "../base/errors.ts";
import { nearest, unknownName } from "../base/nearest.ts";
import { tryParseDuration, type Micros } from "../base/time.ts";

/** A whole number from `min` to `max`. */
export function wholeNumber(flag: string, min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
    if (value >= min && value <= max) return value;
    throw wrong(flag, text, `write a whole number from ${min} to ${max}`);
  };
}

/** A duration, longer than nothing. */
export function duration(flag: string): (text: string) => Micros {
  return (text) => {
    const value = tryParseDuration(text);
    if (value !== undefined && value > 0) return value;
    const bare = /^\d+$/.test(text) ? `; did you mean "${text}s"?` : "";
    throw wrong(flag, text, `write a number and us, ms, s, m or h, like "60s" or "1.5m"${bare}`);
  };
}

/** A moment in virtual time: a duration, or `m:ss.mmm` as reports print it. */
export function moment(flag: string): (text: string) => Micros {
  return (text) => {
    const parts = /^(\d{1,9}):([0-5]\d)(?:\.(\d{1,3})(?:_(\d{3}))?)?$/.exec(text);
    if (parts === null) {
      const value = tryParseDuration(text);
      if (value !== undefined) return value;
      throw wrong(flag, text, 'write a duration, like "6s", or a moment, like "0:06.012"');
    }
    const [, minutes, seconds, millis = "", micros = "0"] = parts;
    const whole = Number(minutes) * 60 + Number(seconds);
    return (whole * 1_000_000 + Number(millis.padEnd(3, "0")) * 1_000 + Number(micros)) as Micros;
  };
}

/** Which part of a suite's seeds a shard runs: the `index`-th of `count`, from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** `i/n`, as in `2/4`. */
export function shard(flag: string): (text: string) => Shard {
  return (text) => {
    const parts = /^(\d{1,6})\/(\d{1,6})$/.exec(text);
    const index = Number(parts?.[1] ?? 0);
    const count = Number(parts?.[2] ?? 0);
    if (index >= 1 && index <= count) return { index, count };
    throw wrong(flag, text, 'write i/n, where n is the number of shards and i is from 1 to n, like "2/4"');
  };
}

/** Names between commas. */
export function names(flag: string): (text: string) => readonly string[] {
  return (text) => {
    const list = text.split(",").map((name) => name.trim());
    if (list.every((name) => name !== "")) return list;
    throw wrong(flag, text, 'write names between commas, like "net,disk.slow"');
  };
}

/** One of a few words. */
export function oneOf<T extends string>(flag: string, words: readonly T[]): (text: string) => T {
  return (text) => {
    const word = words.find((candidate) => candidate === text);
    if (word !== undefined) return word;
    throw new UsageError(unknownName(`value of ${flag}`, text, words));
  };
}

/** Any text but an empty one; `what` it is, for the message. */
export function someText(flag: string, what: string): (text: string) => string {
  return (text) => {
    if (text.trim() !== "") return text;
    throw wrong(flag, text, `write ${what}`);
  };
}

/** `name=value`. */
export function assignment(flag: string): (text: string) => readonly string[] {
  return (text) => {
    if (/^[^=\s]+=/.test(text)) return [text];
    throw wrong(flag, text, 'write name=value, like "replicas=2"');
  };
}

/** The word of `words` that `text` is, or a `UsageError` with the nearest. */
export function chosen<T extends string>(kind: string, text: string, words: readonly T[]): T {
  const word = words.find((candidate) => candidate === text) ?? words.find((candidate) => candidate === `${text}s`);
  if (word !== undefined) return word;
  throw new UsageError(unknownName(kind, text, words));
}

/** What a command line most likely meant, as a question; empty when nothing is near. */
export function didYouMean(text: string, candidates: readonly string[]): string {
  const near = nearest(text, candidates);
  return near === undefined ? "" : `; did you mean "${near}"?`;
}

function wrong(flag: string, text: string, allowed: string): UsageError {
  return new UsageError(`${flag} "${text.slice(0, 80)}": ${allowed}`);
}
