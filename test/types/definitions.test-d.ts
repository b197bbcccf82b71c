/** What the `define…` values must refuse at compile time, seen as a user sees it: through the public entry. */
import { describe, expectTypeOf, it } from "vitest";
import {
  crash,
  defineBug,
  defineFault,
  defineInvariant,
  defineScenario,
  fc,
  simulate,
  type Duration,
  type FaultUse,
} from "wavetank";
import { partition } from "wavetank/faults";

type Pair = { key: string; value: number };

const body = async (): Promise<void> => undefined;

describe("defineFault", () => {
  const shared = { id: "disk.slow", doc: "Slow.", witness: "disk.write-delayed" };

  it("hands the drawn parameters to inject with their types", () => {
    defineFault<{ host: string; ms: number }>({
      ...shared,
      params: { host: fc.string(), ms: fc.nat() },
      inject: (world, { host, ms }) => {
        expectTypeOf(host).toEqualTypeOf<string>();
        return world.host(host).disk.delay(`${ms}ms`);
      },
    });
  });

  it("refuses an arbitrary of another type, a forgotten parameter and a wrong healing", () => {
    // @ts-expect-error a text is drawn where a number is declared
    defineFault<{ ms: number }>({ ...shared, params: { ms: fc.string() }, inject: () => undefined });
    // @ts-expect-error the parameter ms is not drawn
    defineFault<{ ms: number }>({ ...shared, params: {}, inject: () => undefined });
    // @ts-expect-error healing is a function
    defineFault<{ ms: number }>({ ...shared, params: { ms: fc.nat() }, inject: () => 3 });
    // @ts-expect-error a fault names its witness
    defineFault<{ ms: number }>({ id: "a.b", doc: "x", params: { ms: fc.nat() }, inject: () => undefined });
  });

  it("a fault in use is a FaultUse, and its options are checked", () => {
    expectTypeOf(crash()).toEqualTypeOf<FaultUse>();
    expectTypeOf(partition({ max: 2 })).toEqualTypeOf<FaultUse>();
    // @ts-expect-error hosts come as a list
    crash({ on: "server" });
    // @ts-expect-error there is no such option
    crash({ often: true });
  });
});

describe("defineInvariant", () => {
  it("types state and data by kind of observation", () => {
    defineInvariant<Map<string, number>, { "kv.acked": Pair }>({
      id: "KV-1",
      doc: "An acknowledged put is readable.",
      state: () => new Map(),
      on: {
        "kv.acked": (acked, { key, value }) => {
          acked.set(key, value);
        },
      },
    });
  });

  it("refuses a kind that is not in the map, wrong state and a breach of another shape", () => {
    const shared = { id: "KV-1", doc: "x", state: () => new Map<string, number>() };
    // @ts-expect-error no observation of this kind
    defineInvariant<Map<string, number>, { "kv.acked": Pair }>({ ...shared, on: { "kv.lost": () => undefined } });
    // @ts-expect-error the state is a map
    defineInvariant<Map<string, number>, { "kv.acked": Pair }>({ ...shared, state: () => 1, on: {} });
    // @ts-expect-error a breach is an object
    defineInvariant<Map<string, number>, { "kv.acked": Pair }>({ ...shared, on: { "kv.acked": () => true } });
  });
});

describe("defineScenario", () => {
  it("refuses what it does not know", () => {
    defineScenario({ doc: "x", duration: "30s", faults: [crash(), partition()], body });
    // @ts-expect-error a scenario says what it is about
    defineScenario({ body });
    // @ts-expect-error a misspelt option
    defineScenario({ doc: "x", fault: [crash()], body });
    // @ts-expect-error a fault is used by calling it
    defineScenario({ doc: "x", faults: [crash], body });
    // @ts-expect-error thirty what?
    defineScenario({ doc: "x", duration: "30", body });
  });

  it("hands the scenario's own policies to the body", () => {
    defineScenario({
      doc: "x",
      policies: { resumeFrom: (upper: number) => upper },
      body: async ({ policies }) => {
        expectTypeOf(policies.resumeFrom).toEqualTypeOf<(upper: number) => number>();
      },
    });
  });

  it("a bug overrides policies that exist, with the same types", () => {
    type Policies = { resumeFrom: (upper: number) => number };
    const shared = { id: "B30", title: "x", source: "x", breaks: "S-1" };
    defineBug<Policies>({ ...shared, policies: { resumeFrom: (upper) => upper - 1 } });
    // @ts-expect-error another result
    defineBug<Policies>({ ...shared, policies: { resumeFrom: () => "0" } });
    // @ts-expect-error no such policy
    defineBug<Policies>({ ...shared, policies: { resume: () => 0 } });
  });
});

describe("simulate", () => {
  it("takes the file of its call as a text, and says by a truth value whether a fresh thread may load it", () => {
    const call = (): void => {
      void simulate({ file: import.meta.url, freshThread: false }, body);
      // @ts-expect-error null is no file
      void simulate({ file: null }, body);
      // @ts-expect-error yes or no
      void simulate({ freshThread: "never" }, body);
    };
    expectTypeOf(call).returns.toBeVoid();
  });
});

describe("durations", () => {
  it("need a unit", () => {
    expectTypeOf<"1.5s">().toExtend<Duration>();
    // @ts-expect-error no unit
    const bare: Duration = "15";
    expectTypeOf(bare).toBeString();
  });
});
