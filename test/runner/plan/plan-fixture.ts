/** Definitions and repros for the tests of plans. */
import fc from "fast-check";
import type { Arbitrary } from "fast-check";
import type { Json } from "../../../src/base/json.ts";
import type { FaultUse, SimDefinition } from "../../../src/runner/definition.ts";
import type { Repro } from "../../../src/runner/finding/repro.ts";
import { toJson } from "../../../src/base/json.ts";
import { micros } from "../../../src/base/time.ts";
import { seedFromBits } from "../../../src/runner/plan/seed.ts";

export function definitionWith(parts: Partial<SimDefinition> = {}): SimDefinition {
  return {
    name: "kv",
    doc: "",
    duration: micros(30_000_000),
    ops: { put: fc.record({ key: fc.nat(9), text: fc.string({ maxLength: 4 }) }), read: fc.nat(9) },
    opsCount: { min: 10, max: 40 },
    sessions: 3,
    knobs: { replicas: fc.constantFrom(1, 2, 3) },
    faults: ["net.partition", "net.clog", "disk.slow", "process.crash"].map((id) => faultUse(id)),
    faultsCount: { min: 0, max: 12 },
    invariants: [],
    sometimes: {},
    policies: {},
    bugs: [],
    tolerate: [],
    budget: { events: 1_000_000, burst: 100_000, virtual: micros(600_000_000) },
    body: async () => undefined,
    ...parts,
  };
}

export function faultUse(id: string, max = 4, params: FaultUse["params"] = hostAndSize): FaultUse {
  const fault = {
    id,
    doc: "",
    witness: "net.blocked",
    recoverable: true,
    params: {},
    lasts: { min: micros(100_000), max: micros(10_000_000) },
    inject: () => undefined,
  };
  return { fault, params, max };
}

const hostAndSize: FaultUse["params"] = { host: fc.constantFrom("server-1", "server-2"), size: fc.nat(500) };

export const anySeed: Arbitrary<string> = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(seedFromBits);

/** JSON values as a plan may hold them: without `__proto__`. */
const anyJson: Arbitrary<Json> = fc.jsonValue({ maxDepth: 4 }).map((value) => {
  const text = JSON.stringify(value, (key, member: unknown) => (key === "__proto__" ? undefined : member));
  return toJson(JSON.parse(text) as unknown);
});

const anyName = fc.string({ minLength: 1, maxLength: 20, unit: "binary" });
const anyTime = fc.maxSafeNat().map(micros);
const anyObject = fc.dictionary(
  anyName.filter((name) => name !== "__proto__"),
  anyJson,
  { maxKeys: 4, noNullPrototype: true },
);

const anyOp = fc.record(
  { kind: fc.constant("op" as const), at: anyTime, op: anyName, session: fc.nat(), value: anyJson },
  { noNullPrototype: true },
);

const anyFault = fc
  .record({ from: anyTime, to: anyTime, fault: anyName, params: anyObject }, { noNullPrototype: true })
  .map(({ from, to, fault, params }) => ({
    kind: "fault" as const,
    at: micros(Math.min(from, to)),
    until: micros(Math.max(from, to)),
    fault,
    params,
  }));

/** Repros with plans that no generator of ours would draw. */
export const anyRepro: Arbitrary<Repro> = fc
  .record({
    scenario: anyName,
    bug: fc.option(anyName, { nil: null }),
    signature: fc.string({ unit: "binary" }),
    hash: fc.string({ unit: fc.constantFrom(..."0123456789abcdef".split("")), minLength: 16, maxLength: 16 }),
    seed: anySeed,
    knobs: anyObject,
    items: fc.array(fc.oneof(anyOp, anyFault), { maxLength: 12 }),
  })
  .map(({ scenario, bug, signature, hash, seed, knobs, items }) => ({
    schemaVersion: 1,
    kind: "wavetank-repro",
    scenario,
    bug,
    signature,
    hash,
    items: items.length,
    node: "v20.19.0",
    wavetank: "0.1.0",
    plan: { scenario, seed, knobs, items },
  }));
