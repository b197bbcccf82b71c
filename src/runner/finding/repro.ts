/**
 * Repros: a plan with what is known of its failure, as a file to keep and as a token to paste. Both hold the same; the
 * token is `wt1.` and base64url of a checksum (CRC-32 of what follows) and the deflated canonical JSON. Tokens of one
 * repro may differ between versions of zlib, what they hold does not.
 *
 * Both are read as if an enemy had written them: whatever is wrong ends in a `UsageError` of one line.
 */
import { crc32, deflateRawSync, inflateRawSync } from "node:zlib";
import { z } from "zod";
import type { Json } from "../../base/json.ts";
import type { Plan } from "../plan/plan.ts";
import type { RunRecord } from "../run/record.ts";
import { UsageError } from "../../base/errors.ts";
import { canonicalJson } from "../../base/json.ts";
import { planLimits, shownText } from "../plan/json.ts";
import { parseWith, planSchema, strict, text, wholeNumber } from "../plan/schema.ts";
import { readJson } from "./repro-json.ts";

export interface Repro {
  readonly schemaVersion: 1;
  readonly kind: "wavetank-repro";
  readonly scenario: string;
  /** Planted bug, or null. */
  readonly bug: string | null;
  /** Signature of the failure; "" where there is none. */
  readonly signature: string;
  /** Rolling hash of the run, 16 hex digits. */
  readonly hash: string;
  /** Number of items of the plan when it was written. */
  readonly items: number;
  /** Versions it was written with. */
  readonly node: string;
  readonly wavetank: string;
  readonly plan: Plan;
}

const prefix = "wt1.";
const tokenBytesMax = 4 * 1024 * 1024;
const fileLengthMax = 32 * 1024 * 1024;
const checksumBytes = 4;
/** The levels of a repro down to a value of its plan, beside those of the value. */
const depth = planLimits.depth + 4;

const reproSchema = strict("a repro", {
  schemaVersion: z.literal(1, "1"),
  kind: z.literal("wavetank-repro", '"wavetank-repro"'),
  scenario: text("the name of a scenario"),
  bug: text("the id of a planted bug or null").nullable(),
  signature: text("the signature of a failure", 0),
  hash: z.string("16 hex digits").regex(/^[0-9a-f]{16}$/, "16 hex digits"),
  items: wholeNumber(`the number of items, from 0 to ${planLimits.items}`),
  node: text("a version of Node"),
  wavetank: text("a version of Wavetank"),
  plan: planSchema,
});

/** The repro of a run. */
export function reproOf(record: RunRecord, versions: { readonly node: string; readonly wavetank: string }): Repro {
  return {
    schemaVersion: 1,
    kind: "wavetank-repro",
    scenario: record.plan.scenario,
    bug: record.bug,
    signature: record.failure?.signature ?? "",
    hash: record.hash,
    items: record.plan.items.length,
    node: versions.node,
    wavetank: versions.wavetank,
    plan: record.plan,
  };
}

/** The text of a repro file: JSON for people and for `diff`, each item of the plan on a line of its own. */
export function formatReproFile(repro: Repro): string {
  const { plan, ...rest } = repro;
  const { items, ...planRest } = plan;
  const list = items.map((item) => `      ${canonicalJson(item)}`).join(",\n");
  return [
    "{",
    ...members(rest, "  "),
    '  "plan": {',
    ...members(planRest, "    "),
    items.length === 0 ? '    "items": []' : `    "items": [\n${list}\n    ]`,
    "  }",
    "}",
    "",
  ].join("\n");
}

/** A repro from the text of a file; `name` is what messages call it. Throws `UsageError`. */
export function parseReproFile(text: string, name: string): Repro {
  const body = text.startsWith("\uFEFF") ? text.slice(1) : text;
  return checked(readJson(body, name, { textLength: fileLengthMax, depth }), name);
}

/** The token of a repro. Throws `UsageError` for one of more than 4 MiB, which only fits a file. */
export function encodeRepro(repro: Repro): string {
  const bytes = Buffer.from(canonicalJson(repro), "utf8");
  if (bytes.length > tokenBytesMax) {
    throw new UsageError(
      `the repro has ${bytes.length} bytes, a token holds up to ${tokenBytesMax}: keep it as a file`,
    );
  }
  const packed = deflateRawSync(bytes, { level: 9 });
  const checksum = Buffer.alloc(checksumBytes);
  checksum.writeUInt32BE(crc32(packed));
  return prefix + Buffer.concat([checksum, packed]).toString("base64url");
}

/** A repro from its token; white space in it, as pasting leaves behind, does not count. Throws `UsageError`. */
export function decodeRepro(token: string, name = "token"): Repro {
  const compact = token.replace(/\s+/g, "");
  if (!compact.startsWith(prefix))
    throw new UsageError(`${name}: "${shownText(compact)}" does not start with ${prefix}`);
  const encoded = compact.slice(prefix.length);
  const wrong = /[^A-Za-z0-9_-]/.exec(encoded);
  if (wrong !== null) {
    throw new UsageError(`${name}: "${shownText(wrong[0])}" in a token; allowed: A-Z, a-z, 0-9, "_" and "-"`);
  }
  const bytes = Buffer.from(encoded, "base64url");
  const packed = bytes.subarray(checksumBytes);
  if (bytes.length <= checksumBytes || bytes.readUInt32BE(0) !== crc32(packed)) {
    throw new UsageError(`${name}: the checksum does not fit: the token is cut off or altered; paste the whole of it`);
  }
  return checked(readJson(unpacked(packed, name), name, { textLength: tokenBytesMax, depth }), name);
}

/** A repro from a file's text or from a token, whichever it is. Throws `UsageError`. */
export function readRepro(textOrToken: string, name: string): Repro {
  const start = /^\uFEFF?\s*(\{|wt\d{1,9}\.)?/.exec(textOrToken)?.[1];
  if (start === "{") return parseReproFile(textOrToken, name);
  if (start === prefix) return decodeRepro(textOrToken, name);
  if (start !== undefined) {
    throw new UsageError(`${name}: a token of version ${start}; this Wavetank reads ${prefix}: update it`);
  }
  throw new UsageError(`${name}: neither a repro file, which starts with {, nor a token, which starts with ${prefix}`);
}

function checked(value: Json, name: string): Repro {
  const { kind, schemaVersion } = Object(value) as { readonly kind?: Json; readonly schemaVersion?: Json };
  if (kind === "wavetank-repro" && typeof schemaVersion === "number" && schemaVersion > 1) {
    throw new UsageError(
      `${name}: schemaVersion is ${schemaVersion}; allowed: 1 (a newer Wavetank wrote it: update this one)`,
    );
  }
  const repro: Repro = parseWith(reproSchema, value, name);
  if (repro.scenario !== repro.plan.scenario) {
    const { scenario } = repro.plan;
    throw new UsageError(`${name}: plan.scenario is "${shownText(scenario)}"; allowed: "${shownText(repro.scenario)}"`);
  }
  return repro;
}

function unpacked(packed: Buffer, name: string): string {
  try {
    const bytes = inflateRawSync(packed, { maxOutputLength: tokenBytesMax });
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    const isTooBig = (error as { readonly code?: unknown }).code === "ERR_BUFFER_TOO_LARGE";
    const problem = isTooBig ? `unpacks to more than ${tokenBytesMax} bytes` : "does not unpack";
    throw new UsageError(`${name}: the token ${problem}`, { cause: error });
  }
}

function members(object: object, indent: string): string[] {
  return Object.entries(object).map(([key, value]) => `${indent}${JSON.stringify(key)}: ${canonicalJson(value)},`);
}
