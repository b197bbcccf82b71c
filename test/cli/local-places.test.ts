import { describe, expect, it } from "vitest";
import { localRecord, localSuite } from "../../src/cli/local-places.ts";
import { terminalOf } from "../../src/cli/terminal.ts";
import { failureWith, sampleFinding, sampleRecord, sampleSuite } from "../report/sample-results.ts";

const terminal = terminalOf(process, {}, "/project", () => undefined);
const at = (place: string | undefined) => ({ ...sampleRecord, failure: failureWith({ place }) });

describe("places", () => {
  it("are told from the working directory, those outside in full", () => {
    expect(localRecord(terminal, at("/project/scenarios/a.ts:3:7")).failure?.place).toBe("scenarios/a.ts:3:7");
    expect(localRecord(terminal, at("/elsewhere/a.ts:3:7")).failure?.place).toBe("/elsewhere/a.ts:3:7");
  });

  it("stay unknown, and odd ones as they are", () => {
    expect(localRecord(terminal, at(undefined)).failure?.place).toBeUndefined();
    expect(localRecord(terminal, at("eval")).failure?.place).toBe("eval");
    expect(localRecord(terminal, { ...sampleRecord, failure: null }).failure).toBeNull();
  });

  it("are told so in every finding of a suite", () => {
    const finding = { ...sampleFinding, record: at("/project/a.ts:1:2") };
    const { findings } = localSuite(terminal, { ...sampleSuite, findings: [finding] });
    expect(findings.map(({ record }) => record.failure?.place)).toEqual(["a.ts:1:2"]);
  });
});
