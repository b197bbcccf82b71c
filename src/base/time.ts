/** Virtual time: whole microseconds since the start of a run. 2^53 µs are 285 years. */
export type Micros = number & { readonly __unit: "micros" };
/** A duration as people write it: `"6s"`, `"1.5s"`, `"200ms"`, `"10us"`, `"2m"`, `"1h"`. */
export type Duration = `${number}${"us" | "µs" | "ms" | "s" | "m" | "h"}`;

const unitMicros: Readonly<Record<string, number>> = {
  us: 1,
  µs: 1,
  ms: 1_000,
  s: 1_000_000,
  m: 60_000_000,
  h: 3_600_000_000,
};

/** Brands a number of whole microseconds. */
export function micros(value: number): Micros {
  return value as Micros;
}

/** Microseconds of a duration text, or undefined when it is none (or no whole number of microseconds). */
export function tryParseDuration(text: string): Micros | undefined {
  const match = /^(\d{1,12})(?:\.(\d{1,6}))?(us|µs|ms|s|m|h)$/.exec(text);
  if (match === null) return undefined;
  const unit = unitMicros[match[3]!]!;
  const fraction = match[2] ?? "";
  const scaled = Number(fraction) * unit;
  const denominator = 10 ** fraction.length;
  if (fraction !== "" && scaled % denominator !== 0) return undefined;
  const value = Number(match[1]) * unit + (fraction === "" ? 0 : scaled / denominator);
  return Number.isSafeInteger(value) ? micros(value) : undefined;
}

/** Microseconds of a duration, from 0 up; throws `RangeError` that names the text and what is allowed. */
export function parseDuration(text: Duration | Micros): Micros {
  if (typeof text === "number") {
    if (Number.isSafeInteger(text) && text >= 0) return text;
    throw new RangeError(`${text} is not a duration: as a number it is whole microseconds, from 0 up`);
  }
  const value = tryParseDuration(text);
  if (value === undefined) {
    throw new RangeError(
      `"${String(text)}" is not a duration: write a number and us, ms, s, m or h, like "250ms" or "1.5s"`,
    );
  }
  return value;
}

/** A moment as `m:ss.mmm`, with `µµµ` behind it only where they are not zero: `0:02.100`, `0:02.100_250`. */
export function formatMoment(at: number): string {
  const total = Math.max(0, Math.trunc(at));
  const minutes = Math.floor(total / 60_000_000);
  const seconds = Math.floor((total % 60_000_000) / 1_000_000);
  const millis = Math.floor((total % 1_000_000) / 1_000);
  const rest = total % 1_000;
  const text = `${minutes}:${pad(seconds, 2)}.${pad(millis, 3)}`;
  return rest === 0 ? text : `${text}_${pad(rest, 3)}`;
}

/** A duration in the largest unit that keeps it whole: `90s`, `250ms`, `10us`. */
export function formatDuration(duration: number): Duration {
  if (duration % 1_000_000 === 0) return `${duration / 1_000_000}s`;
  if (duration % 1_000 === 0) return `${duration / 1_000}ms`;
  return `${duration}us`;
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, "0");
}
