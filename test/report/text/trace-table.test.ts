import { describe, expect, it } from "vitest";
import { filterTrace, traceTable } from "../../../src/report/text/trace-table.ts";
import { plain, sampleTrace } from "../sample-results.ts";

describe("the table of a trace", () => {
  it("has fixed columns, whatever is in them", () => {
    const table = traceTable(sampleTrace.slice(0, 5), plain(120));
    expect(`\n${table.join("\n")}\n`).toMatchInlineSnapshot(`
      "
        event            time  process             kind                      text
            1    0:00.000_000  server#1            process.start
            1    0:00.000_000  –                   process.started           {"host":"server","process":"server#1"}
          800    0:02.100_000  driver#1            op.started                {"op":"put"}
          801    0:02.100_500  server#1            net.message               driver → server put
          802    0:02.100_500  server#1            timer
      "
    `);
    const again = traceTable(sampleTrace.slice(2, 3), plain(60));
    expect(again[1]).toBe(table[3]);
  });

  it("is filtered by a process of any incarnation, or by one of them", () => {
    const of = (process: string): (string | undefined)[] => [
      ...new Set(filterTrace(sampleTrace, { process }).map((record) => record.process)),
    ];
    expect(of("server")).toEqual(["server#1"]);
    expect(of("server#1")).toEqual(["server#1"]);
    expect(of("server#2")).toEqual([]);
    expect(of("serv")).toEqual([]);
  });

  it("is filtered by a kind or by an area of kinds", () => {
    const of = (kind: string): string[] => [
      ...new Set(filterTrace(sampleTrace, { kind }).map((record) => record.kind)),
    ];
    expect(of("process")).toEqual(["process.start", "process.started", "process.crashed"]);
    expect(of("process.crashed")).toEqual(["process.crashed"]);
    expect(of("fault")).toEqual(["fault process.crash"]);
    expect(of("proc")).toEqual([]);
  });

  it("is whole without filters", () => {
    expect(filterTrace(sampleTrace, {})).toEqual(sampleTrace);
  });
});
