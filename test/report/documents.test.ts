import { describe, expect, it } from "vitest";
import type { z } from "zod";
import {
  benchDocument,
  bugsDocument,
  documentText,
  replayDocument,
  runDocument,
  shrinkDocument,
} from "../../src/report/document-of.ts";
import {
  benchDocumentSchema,
  bugsDocumentSchema,
  replayDocumentSchema,
  runDocumentSchema,
  shrinkDocumentSchema,
} from "../../src/report/documents.ts";
import { sampleBugs, sampleFinding, sampleRecord, sampleSuite, vacuousSuite } from "./sample-results.ts";

/** The document as a reader gets it, and as the schema leaves it: equal when every field is declared. */
function read(schema: z.ZodType, document: { readonly schemaVersion: 1 }): unknown {
  const parsed: unknown = JSON.parse(documentText(document));
  expect(schema.parse(parsed)).toEqual(parsed);
  return parsed;
}

const outcome = {
  verdict: "violated",
  exitCode: 1,
  cpuMicros: 2_500,
  repro: "wt1.abc",
  isSame: true,
  properties: ["retried", "tail-cut"],
  trace: sampleRecord.trace.slice(0, 2),
} as const;

describe("documents", () => {
  it("of a suite hold what the contract lists, and every field is in the schema", () => {
    expect(read(runDocumentSchema, runDocument(sampleSuite))).toMatchObject({
      schemaVersion: 1,
      verdict: "violated",
      ok: false,
      hash: "9c41e0ffffffffff",
      findings: [
        {
          signature: "KV-1:a",
          invariant: "KV-1",
          scenario: "key-value",
          seeds: ["7k3q9zt4n01b8", "7k3q9zt4n01b9"],
          message: "An acknowledged put is lost.",
          virtualTime: "0:06.546",
          items: 3,
          itemsBefore: 143,
          repro: "wt1.nVLBbsQwQ8A",
        },
      ],
      scenarios: [
        {
          name: "key-value",
          seeds: 200,
          found: 1,
          virtualSeconds: 24_000,
          cpuSeconds: 20,
          inertFaults: ["disk.full"],
          unreached: ["tail-cut"],
        },
        { name: "replicated-log", found: 0 },
      ],
    });
    expect(read(runDocumentSchema, runDocument(vacuousSuite))).toMatchObject({ verdict: "vacuous", ok: false });
  });

  it("of a replay are those of a suite of one seed, with its events", () => {
    expect(read(replayDocumentSchema, replayDocument(sampleRecord, outcome))).toMatchObject({
      ok: false,
      events: 1_300,
      seed: "7k3q9zt4n01b8",
      findings: [{ signature: "KV-1:a", items: 3, itemsBefore: 3, repro: "wt1.abc" }],
      scenarios: [{ name: "key-value", seeds: 1, cpuSeconds: 0.0025, unreached: ["tail-cut"], inertFaults: [] }],
      trace: [{ event: 1 }, { event: 1 }],
    });
    const passed = { ...sampleRecord, verdict: "passed", failure: null } as const;
    const document = replayDocument(passed, { ...outcome, verdict: "passed", exitCode: 0, isSame: null });
    expect(read(replayDocumentSchema, document)).toMatchObject({ ok: true, findings: [], isSame: null });
  });

  it("of bugs, shrinking and benchmarks hold what the contract lists", () => {
    expect(read(bugsDocumentSchema, bugsDocument(sampleBugs))).toMatchObject({
      ok: false,
      bugs: [
        { id: "KV-RETRY", caught: true, seedsToCatch: 44, cpuSeconds: 4.1, shrunkItems: 3, soundIsClean: true },
        {},
      ],
    });
    expect(read(shrinkDocumentSchema, shrinkDocument(sampleFinding, "small.json"))).toMatchObject({
      file: "small.json",
      finding: { runs: 41, verified: true },
    });
    const benchmark = { name: "kernel.messages", value: 2_000_000, unit: "msg/s", doc: "Awaited messages." };
    expect(read(benchDocumentSchema, benchDocument([benchmark]))).toMatchObject({ benchmarks: [benchmark] });
  });

  it("end with a newline, and are the same for the same result", () => {
    expect(documentText(runDocument(sampleSuite))).toMatch(/\}\n$/);
    expect(documentText(runDocument(sampleSuite))).toBe(documentText(runDocument(structuredClone(sampleSuite))));
  });
});
