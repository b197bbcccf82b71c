import { describe, expect, it } from "vitest";
import type { Micros } from "../../../src/base/time.ts";
import type { Failure, TraceRecord } from "../../../src/runner/run/record.ts";
import { plainPaint } from "../../../src/report/text/paint.ts";
import { traceLines } from "../../../src/report/text/trace-lines.ts";

const style = { paint: plainPaint, width: 100 };

function line(event: number, kind: string, text = "", process = "server#1"): TraceRecord {
  return { event, at: (event * 1_000) as Micros, process, kind, text, hash: "0".repeat(16) };
}

function failureAt(event: number, subject = ""): Failure {
  return {
    verdict: "violated",
    signature: `T-1:${subject}`,
    invariant: "T-1",
    subject,
    message: "broke",
    at: (event * 1_000) as Micros,
    process: "server#1",
    event,
  };
}

const noise = (from: number, count: number): TraceRecord[] =>
  Array.from({ length: count }, (_, index) => line(from + index, "net.message", `packet ${from + index}`));

describe("the story of a trace", () => {
  it("keeps faults, ops and what was said of the subject, and counts the packets that it leaves out", () => {
    const trace = [
      line(1, "fault process.crash", "inject"),
      ...noise(2, 30),
      line(40, "op.started", `{"op":"put"}`),
      line(41, "put.acked", `{"key":"a"}`),
      line(42, "put.acked", `{"key":"b"}`),
      ...noise(43, 30),
      line(80, "read.ended", `{"key":"a","value":null}`),
    ];
    const lines = traceLines(trace, failureAt(80, "a"), style);
    const text = lines.join("\n");
    expect(text).toContain("fault process.crash");
    expect(text).toContain(`{"op":"put"}`);
    expect(text).toContain(`{"key":"a"}`);
    expect(lines.at(-2)).toMatch(/"value":null\} {2}✖$/);
    expect(lines.at(-1)).toMatch(/49 lines left out: --trace shows all/);
    expect(lines).toHaveLength(17);
  });

  it("says of many things of one kind at one moment only what is about the subject", () => {
    const reads = ["a", "b", "c"].map((key) => line(30, "read.ended", `{"key":"${key}"}`));
    const text = traceLines([...noise(1, 20), ...reads], failureAt(30, "b"), style).join("\n");
    expect(text).toContain(`{"key":"b"}`);
    expect(text).not.toContain(`{"key":"a"}`);
  });

  it("folds repetitions, leaves out the tank's bookkeeping and whatever came after the failure", () => {
    const trace = [
      line(1, "timer"),
      line(2, "beat", "x"),
      line(3, "beat", "x"),
      line(4, "disk.apply", "write"),
      line(5, "beat", "y"),
      line(6, "beat", "later"),
    ];
    const text = traceLines(trace, failureAt(5), style).join("\n");
    expect(text).toContain("x ×2");
    expect(text).toMatch(/y {2}✖$/);
    expect(text).not.toMatch(/later|timer|write/);
  });

  it("is empty without a trace", () => {
    expect(traceLines([], failureAt(5), style)).toEqual([]);
  });
});
