import fc from "fast-check";
import type { SimDefinition } from "../../../src/runner/definition.ts";
import { describe, expect, it } from "vitest";
import { UsageError } from "../../../src/base/errors.ts";
import { generatePlan } from "../../../src/runner/plan/generate.ts";
import { onlyFaults, setKnobs, withoutFaults } from "../../../src/runner/plan/steering.ts";
import { nextSeed } from "../../../src/runner/plan/seed.ts";
import { definitionWith } from "./plan-fixture.ts";

const definition = definitionWith({ knobs: { replicas: fc.constantFrom(1, 2, 3), mode: fc.constant("lax") } });
const ids = (steered: SimDefinition): string[] => steered.faults.map((use) => use.fault.id);

describe("steering by faults", () => {
  it("keeps only those named, by id or by area", () => {
    expect(ids(onlyFaults(definition, ["net"]))).toEqual(["net.partition", "net.clog"]);
    expect(ids(onlyFaults(definition, ["process.crash", "net.clog"]))).toEqual(["net.clog", "process.crash"]);
    expect(ids(onlyFaults(definition, []))).toEqual([]);
  });

  it("leaves out those named", () => {
    expect(ids(withoutFaults(definition, ["net"]))).toEqual(["disk.slow", "process.crash"]);
    expect(ids(withoutFaults(definition, []))).toEqual(ids(definition));
  });

  it("takes no part of a word for an area", () => {
    expect(() => onlyFaults(definition, ["ne"])).toThrow('unknown fault "ne"; did you mean "net"?');
  });

  it("refuses unknown names with the nearest known one", () => {
    expect(() => withoutFaults(definition, ["disk.slo"])).toThrow(UsageError);
    expect(() => withoutFaults(definition, ["disk.slo"])).toThrow(
      'scenario kv: unknown fault "disk.slo"; did you mean "disk.slow"?',
    );
  });

  it("accepts a name that only another scenario of the suite knows", () => {
    const known = [...ids(definition), "kafka.broker-down"];
    expect(ids(onlyFaults(definition, ["kafka"], known))).toEqual([]);
    expect(ids(withoutFaults(definition, ["kafka.broker-down"], known))).toEqual(ids(definition));
    expect(() => onlyFaults(definition, ["kafak"], known)).toThrow('did you mean "kafka"?');
  });

  it("draws the rest of a plan as it was", () => {
    for (let k = 0; k < 100; k++) {
      const whole = generatePlan(definition, nextSeed("0", k)).items;
      const steered = generatePlan(withoutFaults(definition, ["net"]), nextSeed("0", k)).items;
      const rest = whole.filter((item) => item.kind === "op" || !item.fault.startsWith("net."));
      expect(steered).toEqual(expect.arrayContaining(rest));
    }
  });
});

describe("setting knobs", () => {
  const knobs = (...assignments: string[]) => generatePlan(setKnobs(definition, assignments), "0").knobs;

  it("holds a knob at a JSON value or at a bare text", () => {
    expect(knobs("replicas=7", "mode=strict")).toEqual({ replicas: 7, mode: "strict" });
    expect(knobs('mode={"a": [1, null]}')["mode"]).toEqual({ a: [1, null] });
    expect(knobs('mode="7"', "mode=a=b")["mode"]).toBe("a=b");
    expect(knobs("mode=")["mode"]).toBe("");
  });

  it("leaves the definition and everything else that is drawn as they were", () => {
    expect(generatePlan(setKnobs(definition, ["mode=strict"]), "0")).toEqual({
      ...generatePlan(definition, "0"),
      knobs: { ...generatePlan(definition, "0").knobs, mode: "strict" },
    });
    expect(generatePlan(definition, "0").knobs["mode"]).toBe("lax");
  });

  it.each([
    ["replicsa=1", 'scenario kv: unknown knob "replicsa"; did you mean "replicas"?'],
    ["__proto__=1", 'unknown knob "__proto__"'],
    ["replicas", '"replicas" sets no knob: write knob=value'],
    ["=1", '"=1" sets no knob'],
    ["replicas=1e999", "knob replicas: $ is Infinity; allowed: finite numbers"],
    ['replicas={"__proto__": 1}', 'knob replicas: $ is an object; allowed: objects without the key "__proto__"'],
  ])("refuses %s", (assignment, message) => {
    expect(() => setKnobs(definition, [assignment])).toThrow(UsageError);
    expect(() => setKnobs(definition, [assignment])).toThrow(message);
  });

  it("passes over a knob that only another scenario of the suite has", () => {
    expect(setKnobs(definition, ["cache=1"], ["cache", "replicas"]).knobs).toEqual(definition.knobs);
  });
});
