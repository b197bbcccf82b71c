/** The order of keys, and the checksum, against Node's own. */
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareKeys } from "../../../src/sim/s3/key-order.ts";
import { md5 } from "../../../src/sim/s3/md5.ts";

const texts = fc.string({ unit: "binary", maxLength: 80 });

describe("keys and ETags", () => {
  it("keys compare as their UTF-8 bytes do", () => {
    fc.assert(
      fc.property(texts, texts, (a, b) => {
        expect(Math.sign(compareKeys(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
  });

  it("MD5 is that of every other implementation, around the ends of its blocks too", () => {
    const expected = (text: string): string => createHash("md5").update(text).digest("hex");
    for (let length = 0; length < 200; length++) expect(md5("é".repeat(length))).toBe(expected("é".repeat(length)));
    fc.assert(fc.property(texts, (text) => md5(text) === expected(text)));
  });
});
