import { describe, expect, it, vi } from "vitest";
import { openLiveView } from "../../src/cli/live-view.ts";
import { terminalOf, type Terminal } from "../../src/cli/terminal.ts";
import { sampleProgress } from "../report/sample-results.ts";

interface Watched {
  readonly terminal: Terminal;
  readonly out: string[];
  readonly err: string[];
}

function watched(isOutTty: boolean, isErrTty: boolean): Watched {
  const out: string[] = [];
  const err: string[] = [];
  const stream = (isTTY: boolean, texts: string[]): NodeJS.WriteStream =>
    ({ isTTY, columns: 100, rows: 40, write: (text: string) => texts.push(text) }) as unknown as NodeJS.WriteStream;
  const streams = { stdout: stream(isOutTty, out), stderr: stream(isErrTty, err), stdin: {} as NodeJS.ReadStream };
  return { terminal: terminalOf(streams, { NO_COLOR: "1" }, "/", () => undefined), out, err };
}

describe("the live view", () => {
  it("prints a line every ten seconds where there is no terminal", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    try {
      const { terminal, out, err } = watched(false, false);
      const view = await openLiveView(terminal, false);
      view.show(sampleProgress);
      expect(out).toEqual([]);
      vi.advanceTimersByTime(10_000);
      view.show(sampleProgress);
      view.show(sampleProgress);
      expect(out).toHaveLength(1);
      expect(out[0]).toMatch(/^261\/400 seeds · /);
      view.end();
      vi.advanceTimersByTime(20_000);
      view.show(sampleProgress);
      expect([...out.slice(1), ...err]).toEqual([]);
    } finally {
      vi.useRealTimers();
    }
  });

  it("leaves standard output to a document, and draws on standard error only if that is a terminal", async () => {
    const silent = watched(false, false);
    const none = await openLiveView(silent.terminal, true);
    none.show(sampleProgress);
    none.end();
    expect([...silent.out, ...silent.err]).toEqual([]);
    const drawn = watched(true, true);
    const view = await openLiveView(drawn.terminal, true);
    view.show(sampleProgress);
    view.hint("stopping");
    view.end();
    expect(drawn.out).toEqual([]);
    expect(drawn.err.join("")).toMatch(/replicated-log[^]*stopping/);
  });

  it("redraws at most ten times a second, however often it is told", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    try {
      const { terminal, out } = watched(true, true);
      const view = await openLiveView(terminal, false);
      expect(view.isDrawn).toBe(true);
      for (let step = 0; step < 100; step++) {
        for (let time = 0; time < 50; time++) view.show({ ...sampleProgress, seeds: step * 50 + time });
        vi.advanceTimersByTime(10);
      }
      expect(out.join("").split("seeds ·").length - 1).toBeLessThanOrEqual(10);
      expect(out.join("")).toContain("Ctrl-C stop");
      view.end();
    } finally {
      vi.useRealTimers();
    }
  });
});
