/** Numbers, spans of time and JSON values as people read them; the same on every machine, whatever its locale. */
import type { Json } from "../../base/json.ts";
import { printable } from "./printable.ts";

/** A whole number with commas: `1,000`. Fractions are cut off. */
export function grouped(value: number): string {
  return String(Math.trunc(value)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `1 seed`, `2 seeds`. */
export function counted(value: number, noun: string): string {
  return `${grouped(value)} ${noun}${value === 1 ? "" : "s"}`;
}

/** A span of microseconds in one or two units: `33h 20m`, `6m 40s`, `52 s`, `0.4 s`, `12 ms`. */
export function span(micros: number): string {
  const seconds = micros / 1_000_000;
  if (seconds < 0.1) return `${Math.round(micros / 1_000)} ms`;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 120) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}m ${pad2(whole % 60)}s`;
  const hours = Math.floor(minutes / 60);
  return hours < 1_000 ? `${hours}h ${pad2(minutes % 60)}m` : `${grouped(hours)}h`;
}

/** How many times as fast as real time: `1,154×`; `–` where no CPU time was measured. */
export function ratio(virtualMicros: number, cpuMicros: number): string {
  if (cpuMicros <= 0) return "–";
  const times = virtualMicros / cpuMicros;
  return `${times < 10 ? times.toFixed(1) : grouped(Math.round(times))}×`;
}

/** A JSON value on one line, keys bare where they can be: `{key: "a", amount: 7}`. */
export function inline(value: Json | undefined): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return `[${value.map((item: Json) => inline(item)).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).map(([name, member]) => `${keyText(name)}: ${inline(member as Json)}`);
    return `{${members.join(", ")}}`;
  }
  return printable(JSON.stringify(value));
}

/** A moment with all six digits, for columns: `0:02.100_000`. */
export function fullMoment(micros: number): string {
  const total = Math.max(0, Math.trunc(micros));
  const minutes = Math.floor(total / 60_000_000);
  const rest = String(total % 60_000_000).padStart(8, "0");
  return `${minutes}:${rest.slice(0, 2)}.${rest.slice(2, 5)}_${rest.slice(5)}`;
}

function keyText(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : printable(JSON.stringify(name));
}

function pad2(value: number): string {
  return String(value).padStart(2, "0");
}
