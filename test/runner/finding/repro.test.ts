import fc from "fast-check";
import { crc32, deflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { Repro } from "../../../src/runner/finding/repro.ts";
import { UsageError } from "../../../src/base/errors.ts";
import { canonicalJson } from "../../../src/base/json.ts";
import { micros } from "../../../src/base/time.ts";
import { generatePlan } from "../../../src/runner/plan/generate.ts";
import {
  decodeRepro,
  encodeRepro,
  formatReproFile,
  parseReproFile,
  readRepro,
  reproOf,
} from "../../../src/runner/finding/repro.ts";
import { anyRepro, anySeed, definitionWith } from "../plan/plan-fixture.ts";

const repro: Repro = {
  schemaVersion: 1,
  kind: "wavetank-repro",
  scenario: "kv",
  bug: null,
  signature: "KV-1:k3",
  hash: "9c41e0aa55aa1234",
  items: 2,
  node: "v20.19.0",
  wavetank: "0.1.0",
  plan: {
    scenario: "kv",
    seed: "7k3q9zt4mvx2c",
    knobs: { replicas: 2 },
    items: [
      { kind: "op", at: micros(2_100_000), op: "put", session: 1, value: { key: 3 } },
      {
        kind: "fault",
        at: micros(6_031_000),
        until: micros(9_000_000),
        fault: "process.crash",
        params: { host: "server" },
      },
    ],
  },
};
const token = encodeRepro(repro);

/** A token of any bytes with a checksum that fits, as an enemy would make it. */
function tokenOf(packed: Buffer): string {
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(packed));
  return `wt1.${Buffer.concat([checksum, packed]).toString("base64url")}`;
}

const tokenOfText = (text: string): string => tokenOf(deflateRawSync(Buffer.from(text, "utf8")));

describe("repros", () => {
  it("come back from a token and from a file as they were, whatever the plan", () => {
    fc.assert(
      fc.property(anyRepro, (any) => {
        expect(decodeRepro(encodeRepro(any))).toEqual(any);
        expect(parseReproFile(formatReproFile(any), "a.json")).toEqual(any);
        expect(readRepro(encodeRepro(any), "token")).toEqual(any);
        expect(readRepro(formatReproFile(any), "a.json")).toEqual(any);
      }),
    );
  });

  it("come back for every plan that is drawn", () => {
    fc.assert(
      fc.property(anySeed, (seed) => {
        const plan = generatePlan(definitionWith({ ops: { put: fc.jsonValue() as never } }), seed);
        expect(decodeRepro(encodeRepro({ ...repro, plan })).plan).toEqual(plan);
      }),
    );
  });

  it("are made of a run's record", () => {
    const record = { plan: repro.plan, bug: "B1", failure: null, hash: repro.hash };
    const versions = { node: "v24.0.0", wavetank: "0.2.0" };
    expect(reproOf(record as never, versions)).toEqual({ ...repro, ...versions, bug: "B1", signature: "" });
  });
});

describe("a repro file", () => {
  it("has a line for each item", () => {
    expect(formatReproFile(repro)).toMatchInlineSnapshot(`
      "{
        "schemaVersion": 1,
        "kind": "wavetank-repro",
        "scenario": "kv",
        "bug": null,
        "signature": "KV-1:k3",
        "hash": "9c41e0aa55aa1234",
        "items": 2,
        "node": "v20.19.0",
        "wavetank": "0.1.0",
        "plan": {
          "scenario": "kv",
          "seed": "7k3q9zt4mvx2c",
          "knobs": {"replicas":2},
          "items": [
            {"at":2100000,"kind":"op","op":"put","session":1,"value":{"key":3}},
            {"at":6031000,"fault":"process.crash","kind":"fault","params":{"host":"server"},"until":9000000}
          ]
        }
      }
      "
    `);
  });

  it("is plain JSON, and may be written in any layout", () => {
    expect(JSON.parse(formatReproFile(repro))).toEqual(repro);
    expect(parseReproFile(JSON.stringify(repro, null, 8), "a.json")).toEqual(repro);
    expect(readRepro(`\uFEFF\r\n${JSON.stringify(repro)}`.replace("\r\n", ""), "a.json")).toEqual(repro);
  });

  it.each<[string, object, string]>([
    ["an unknown key", { singature: "x" }, 'a.json: top level: unknown key "singature"; did you mean "signature"?'],
    ["another kind", { kind: "run" }, 'a.json: kind is "run"; allowed: "wavetank-repro"'],
    ["a newer version", { schemaVersion: 2, more: 1 }, "a.json: schemaVersion is 2; allowed: 1 (a newer Wavetank"],
    ["a version of another type", { schemaVersion: "1" }, 'a.json: schemaVersion is "1"; allowed: 1'],
    ["a hash that is none", { hash: "9c41" }, 'a.json: hash is "9c41"; allowed: 16 hex digits'],
    ["a missing bug", { bug: undefined }, "a.json: bug is missing; allowed: the id of a planted bug or null"],
    ["the plan of another scenario", { scenario: "sink" }, 'a.json: plan.scenario is "kv"; allowed: "sink"'],
    ["a plan that is none", { plan: 3 }, "a.json: plan is 3; allowed: a plan: an object with scenario"],
    [
      "a wrong item",
      { plan: { ...repro.plan, items: [{ ...repro.plan.items[0], at: -5 }] } },
      "a.json: plan.items[0].at is -5; allowed: whole numbers from 0",
    ],
  ])("with %s is refused in one line", (_, changes, message) => {
    const text = JSON.stringify({ ...repro, ...changes });
    expect(() => readRepro(text, "a.json")).toThrow(UsageError);
    expect(() => readRepro(text, "a.json")).toThrow(message);
    expect(() => readRepro(text, "a.json")).not.toThrow("\n");
  });

  it.each([
    ["nothing", "", "a.json: neither a repro file"],
    ["prose", "Dear reader", "a.json: neither a repro file"],
    ["a list", "[]", "a.json: neither a repro file"],
    ["a key given twice", '{"schemaVersion": 1, "schemaVersion": 1}', 'the key "schemaVersion" is there twice'],
    ["a prototype", '{"__proto__": {}}', 'the key "__proto__" is not allowed'],
    ["a number beyond all doubles", '{"items": 1e999}', "1e999 is too large a number"],
    ["bottomless nesting", `{"plan":${"[".repeat(1_000_000)}`, "nested deeper than 36 levels"],
    ["a cut end", formatReproFile(repro).slice(0, -20), "a.json:"],
  ])("of %s is refused in one line", (_, text, message) => {
    expect(() => readRepro(text, "a.json")).toThrow(UsageError);
    expect(() => readRepro(text, "a.json")).toThrow(message);
    expect(() => readRepro(text, "a.json")).not.toThrow("\n");
  });

  it("with any character changed is read or refused, never a crash", () => {
    const text = formatReproFile(repro);
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.string({ unit: "binary", maxLength: 3 }), (at, put) => {
        expect(isReadOrRefused(text.slice(0, at) + put + text.slice(at + 1))).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("a token", () => {
  it("is short, safe in a shell and on one line", () => {
    expect(token).toMatch(/^wt1\.[A-Za-z0-9_-]+$/);
    expect(token.length).toBeLessThan(canonicalJson(repro).length);
  });

  it("written by an earlier version is still read", () => {
    expect(decodeRepro(pinned)).toEqual(repro);
  });

  it("may be wrapped and indented by whoever pasted it", () => {
    const wrapped = `  ${token.match(/.{1,40}/g)!.join("\n  ")}\n`;
    expect(readRepro(wrapped, "token")).toEqual(repro);
  });

  it("with any one bit flipped or its end cut off is refused", () => {
    const bytes = Buffer.from(token.slice(4), "base64url");
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => decodeRepro(`wt1.${flipped.toString("base64url")}`)).toThrow(UsageError);
    }
    for (let length = 0; length < token.length - 1; length++) {
      expect(() => readRepro(token.slice(0, length), "token")).toThrow(UsageError);
    }
  });

  it("altered at random is read or refused, never a crash", () => {
    const edit = fc.record({
      at: fc.nat(token.length - 1),
      remove: fc.nat(4),
      put: fc.string({
        unit: fc.oneof(fc.constantFrom(..."aZ09_-=.+/".split("")), fc.string({ unit: "binary" })),
        maxLength: 4,
      }),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 5 }), (edits) => {
        let text = token;
        for (const { at, remove, put } of edits) text = text.slice(0, at) + put + text.slice(at + remove);
        expect(isReadOrRefused(text)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it("of any bytes with a fitting checksum is read or refused, never a crash", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(isReadOrRefused(tokenOf(Buffer.from(bytes)))).toBe(true);
        expect(isReadOrRefused(tokenOf(deflateRawSync(bytes)))).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ["a bomb", tokenOf(deflateRawSync(Buffer.alloc(200 * 1024 * 1024, "["))), "unpacks to more than 4194304 bytes"],
    ["deep nesting", tokenOfText("[".repeat(4_000_000)), "nested deeper than 36 levels"],
    ["a long list of wrong items", tokenOfText(longList()), "plan.items is a list of 1000000 items"],
    ["a prototype", tokenOfText('{"__proto__": {"x": 1}}'), 'the key "__proto__" is not allowed'],
    ["no UTF-8", tokenOf(deflateRawSync(Buffer.from([0x22, 0xff, 0x22]))), "does not unpack"],
    ["nothing", tokenOfText(""), "the text ends too early"],
    ["null", tokenOfText("null"), "top level is null"],
    ["a number", tokenOfText("5"), "top level is 5"],
    ["another version", "wt2.AAAA", "a token of version wt2.; this Wavetank reads wt1."],
    ["a character of another alphabet", "wt1.AAAA+AAA", '"+" in a token'],
    ["nothing behind the prefix", "wt1.", "the checksum does not fit"],
  ])("that holds %s is refused", (_, text, message) => {
    expect(() => readRepro(text, "token")).toThrow(UsageError);
    expect(() => readRepro(text, "token")).toThrow(message);
  });

  it("is refused to a repro that it could not be read from again", () => {
    const items = Array.from({ length: 50_000 }, () => repro.plan.items[1]!);
    const large = { ...repro, plan: { ...repro.plan, items } };
    expect(() => encodeRepro(large)).toThrow("a token holds up to 4194304: keep it as a file");
    expect(parseReproFile(formatReproFile(large), "a.json").plan.items).toHaveLength(50_000);
  });
});

const pinned = [
  "wt1.wAzazG2QvW7DMAyE3-VmxZDspIX1Ct2zFB0YhY0FOZKrH_fH8LsXclBP5cCFx493XHApN2hfxlFgoDRAozdHxZLodCJSbXeE",
  "gM18T9CtgLP-Co1PmjmTd4fIUwwQ8OHK0Jhb2ai-kRCYRvLQy9_u6wLK0K2StXZQmCBq05hKhkDilGzw0EpgprFwRTj-hu7WVTwY",
  "T7JTG-OdypjragyGU2pMrAl29mMsMFGkamHBEFLVJ44zR6wCxWc7QvebKbm-CTgfLps28jRaQzX2KpAMe4o2QMPNm0-uJ55d99H_",
  "5ON9_moN_tOZge905rinSvbmKZdY3_VyPijtOoj9odCQjWok1l8",
].join("");

/** Whether a text is a repro, which can then be written and read again, or is refused in one clean line. */
function isReadOrRefused(text: string): boolean {
  const first = attempt(text);
  if (first instanceof UsageError) return !hasControls(first.message);
  return canonicalJson(attempt(formatReproFile(first))) === canonicalJson(first);
}

function attempt(text: string): Repro | UsageError {
  try {
    return readRepro(text, "token");
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
}

function hasControls(text: string): boolean {
  return Array.from(text).some((character) => character < " " || (character >= "\u007f" && character <= "\u009f"));
}

function longList(): string {
  const plan = { scenario: "kv", seed: "7k3q9zt4mvx2c", knobs: {}, items: [] };
  const text = JSON.stringify({ ...repro, plan });
  return text.replace('"items":[]', `"items":[${"0,".repeat(999_999)}0]`);
}
