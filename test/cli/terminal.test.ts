import { describe, expect, it } from "vitest";
import { isColoured, shownPath, terminalOf, type Terminal } from "../../src/cli/terminal.ts";

/** A terminal over streams that only keep what is written. */
function terminal(stdout: object, env: NodeJS.ProcessEnv = {}): Terminal & { readonly written: string[] } {
  const written: string[] = [];
  const stream = { write: (text: string) => written.push(text), ...stdout } as unknown as NodeJS.WriteStream;
  const stdin = {} as NodeJS.ReadStream;
  const made = terminalOf({ stdout: stream, stderr: stream, stdin }, env, "/project", () => undefined);
  return { ...made, written };
}

describe("a terminal", () => {
  it.each([
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: "1" }, false],
    [true, { NO_COLOR: "" }, true],
    [false, { FORCE_COLOR: "" }, true],
    [false, { FORCE_COLOR: "3" }, true],
    [true, { FORCE_COLOR: "0" }, false],
    [false, { FORCE_COLOR: "1", NO_COLOR: "1" }, false],
    [true, { TERM: "dumb" }, false],
  ])("has colours by what it is and by the environment: %s %j", (isTty, env, expected) => {
    expect(isColoured(isTty, env)).toBe(expected);
  });

  it("is as wide as it is, at least 60, and 120 where there is none", () => {
    expect(terminal({ isTTY: true, columns: 97 }).out.style.width).toBe(97);
    expect(terminal({ isTTY: true, columns: 20 }).out.style.width).toBe(60);
    expect(terminal({}).out.style.width).toBe(120);
    expect(terminal({}, { COLUMNS: "80" }).out.style.width).toBe(80);
    expect(terminal({}, { COLUMNS: "wide" }).out.style.width).toBe(120);
  });

  it("writes lines, and nothing for none", () => {
    const { out, written } = terminal({});
    out.lines([]);
    out.lines(["a", "b"]);
    expect(written).toEqual(["a\nb\n"]);
  });

  it("shows paths from the working directory, those outside in full", () => {
    const some = terminal({});
    expect(shownPath(some, "/project/reports/index.html")).toBe("reports/index.html");
    expect(shownPath(some, "/elsewhere/index.html")).toBe("/elsewhere/index.html");
  });
});
