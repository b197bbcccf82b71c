/** Made-up results of runs, for tests of what a suite makes of them. */
import { finish, hex64, mix } from "../../src/base/hash.ts";
import type { RunResult, ScenarioInfo } from "../../src/runner/pool/messages.ts";
import type { Failure } from "../../src/runner/run/record.ts";
import { micros } from "../../src/base/time.ts";

/** A scenario with one fault family, `net.cut`, and one property, `slow`. */
export function scenarioInfo(name = "made-up", changes: Partial<ScenarioInfo> = {}): ScenarioInfo {
  return {
    name,
    doc: "Made up.",
    file: `/nowhere/${name}.ts`,
    faults: ["net.cut"],
    sometimes: ["slow"],
    bugs: [],
    ...changes,
  };
}

/** A run that passed; every index has a hash of its own. */
export function passed(index: number, changes: Partial<RunResult> = {}): RunResult {
  return {
    index,
    seed: `seed${index}`,
    hash: hex64(finish(mix(1, index)), finish(mix(2, index))),
    events: 10,
    virtualMicros: 1_000,
    cpuMicros: 100,
    items: 5,
    faults: [],
    reached: [],
    failure: null,
    ...changes,
  };
}

/** A run that failed with a signature: `invariant` or `invariant:subject`. */
export function failing(index: number, signature: string, changes: Partial<Failure> = {}): RunResult {
  const [invariant = "", subject = ""] = signature.split(":");
  const failure: Failure = {
    verdict: "violated",
    signature,
    invariant,
    subject,
    message: "made up",
    at: micros(500),
    process: null,
    event: 3,
    ...changes,
  };
  return passed(index, { failure });
}
