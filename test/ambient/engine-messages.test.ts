import { runInThisContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { isEngineMessage } from "../../src/ambient/engine-messages.ts";

const programs = [
  "null.x",
  "undefined[0]",
  "null.x = 1",
  "const { a } = null",
  "const [z] = {}",
  "({}).x()",
  "missing",
  "1()",
  "new 1",
  "[...1]",
  "const c = 1; c = 2",
  "early; let early",
  "new Array(-1)",
  "'x'.repeat(-1)",
  "(1).toFixed(101)",
  "(function f() { f() })()",
  "BigInt(1.5)",
  "1n + 1",
  "Symbol() + ''",
  "JSON.parse('{')",
  "JSON.parse('nul')",
  "JSON.parse('[1,]')",
  "JSON.parse('')",
  "JSON.stringify(1n)",
  "const o = {}; o.o = o; JSON.stringify(o)",
  "eval('if (')",
  "eval('let a; let a')",
  "new RegExp('(')",
  "new Date(NaN).toISOString()",
  "class A {}; A()",
  "[].reduce((a, b) => a)",
  "Map.prototype.get.call({}, 1)",
  "'a' in 'b'",
  "decodeURIComponent('%')",
  "new Promise()",
  "new WeakMap().set(1, 1)",
];

describe("isEngineMessage", () => {
  it.each(programs)("recognises what this engine says to %s", (program) => {
    let message = "";
    try {
      runInThisContext(`(() => { ${program} })()`);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).not.toBe("");
    expect({ message, isEngine: isEngineMessage(message) }).toEqual({ message, isEngine: true });
    expect(isEngineMessage(`TypeError: ${message}`)).toBe(true);
  });

  it.each([
    "Cannot read property 'x' of undefined",
    "Unexpected token } in JSON at position 1",
    "Expected property name or '}' in JSON at position 1 (line 1 column 2)",
    "Unexpected end of JSON input",
    "a.b(...).c is not a function or its return value is not iterable",
    "undefined is not iterable (cannot read property Symbol(Symbol.iterator))",
  ])("recognises what other versions say: %s", (message) => {
    expect(isEngineMessage(message)).toBe(true);
  });

  it.each([
    "",
    "disk full",
    "the text is not valid JSON",
    "connection refused by server-1:7000",
    "order 3 is not found",
    "the value is not a function of time",
    "partition 3 is not a leader",
    "Invalid date: 2020-13-01",
    "Cannot connect to host",
    "id must be positive",
    "Unexpected reply from server",
    "The operation was aborted",
  ])("leaves an application's own words alone: %s", (message) => {
    expect(isEngineMessage(message)).toBe(false);
  });
});
