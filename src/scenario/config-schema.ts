/** What a configuration may say, and how a wrong one is reported: key, value, what is allowed, nearest key. */
import { z } from "zod";
import { UsageError } from "../base/errors.ts";
import { unknownName } from "../base/nearest.ts";
import type { WavetankConfig } from "./config.ts";

const count = (max: number) => z.int(`a whole number from 1 to ${max}`).min(1).max(max).optional();
const text = z.string().min(1);

const allowed: Readonly<Record<keyof WavetankConfig, string>> = {
  scenarios: 'a list of at least one pattern, like ["scenarios/**/*.ts"]',
  seeds: "a whole number from 1 to 1000000",
  jobs: "a whole number from 1 to 1024",
  reports: "the path of a folder",
  maxFailures: "a whole number from 1 to 1000",
};

const schema = z.strictObject({
  scenarios: z.array(text).min(1).optional(),
  seeds: count(1_000_000),
  jobs: count(1_024),
  reports: text.optional(),
  maxFailures: count(1_000),
});

/** The configuration that a file's default export is. Throws `UsageError` for the first thing that is wrong. */
export function checkConfig(file: string, value: unknown): WavetankConfig {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  if (issue.code === "unrecognized_keys") {
    throw new UsageError(`${file}: ${unknownName("key", issue.keys[0]!, Object.keys(allowed))}`);
  }
  const key = issue.path[0];
  if (key === undefined) {
    throw new UsageError(
      `${file}: its default export is ${shown(value)}, it must be an object of ${Object.keys(allowed).join(", ")}`,
    );
  }
  const own = (value as Readonly<Record<PropertyKey, unknown>>)[key];
  throw new UsageError(`${file}: ${String(key)} is ${shown(own)}, it must be ${allowed[key as keyof WavetankConfig]}`);
}

function shown(value: unknown): string {
  if (typeof value === "function") return "a function";
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  const json = JSON.stringify(value) ?? String(value);
  return json.length > 80 ? `${json.slice(0, 80)}…` : json;
}
