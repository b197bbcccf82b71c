import { describe, expect, it } from "vitest";
import { crash } from "../../../src/faults/crash.ts";
import { pause } from "../../../src/faults/pause.ts";
import { defineInvariant } from "../../../src/invariants/define-invariant.ts";
import { runBody } from "../../support/bodies.ts";

const counted = defineInvariant<{ count: number }, { "work.done": object }>({
  id: "L-WORK",
  doc: "Five pieces of work get done.",
  state: () => ({ count: 0 }),
  on: { "work.done": (state) => void state.count++ },
  atEnd: ({ count }) => (count < 5 ? { expected: 5, observed: count } : undefined),
});

describe("settling", () => {
  it("ends faults, brings processes back and waits only as long as something does not hold yet", async () => {
    let settledAt = 0;
    const record = await runBody(
      async ({ world, faults, settle }) => {
        world.host("server").start(
          async (host) => {
            for (;;) {
              await host.sleep("1s");
              host.emit("work.done", {});
            }
          },
          { restart: "always" },
        );
        faults.inject(pause, { host: "server" });
        await world.sleep("10s");
        const startedAt = world.now;
        await settle({ within: "60s" });
        settledAt = world.now - startedAt;
      },
      { invariants: [counted] },
    );
    expect(record.verdict).toBe("passed");
    expect(settledAt).toBeGreaterThan(3_000_000);
    expect(settledAt).toBeLessThanOrEqual(5_250_000);
  });

  it("leaves what does not hold in time to the end of the body, which then fails by its name", async () => {
    const record = await runBody(
      async ({ world, faults, settle }) => {
        world.host("server").start((host) => host.emit("work.done", {}));
        await world.sleep("1s");
        faults.inject(crash, { host: "server" });
        await settle({ within: "20s", every: "1s" });
        expect(world.now).toBe(21_000_000);
      },
      { invariants: [counted] },
    );
    expect(record.verdict).toBe("violated");
    expect(record.failure?.invariant).toBe("L-WORK");
  });
});
