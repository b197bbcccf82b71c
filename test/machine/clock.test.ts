import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UsageError } from "../../src/base/errors.ts";
import { epochMicros, HostClock } from "../../src/machine/clock.ts";
import { Tank } from "./tank.ts";

/** A clock over a virtual time that the test moves. */
class ClockBench {
  now = 0;
  reports = 0;
  readonly clock = new HostClock(
    () => this.now,
    7_000_000,
    () => this.reports++,
  );

  /** How wrong the wall clock is, µs. */
  get error(): number {
    return this.clock.wallMicros() - epochMicros - this.now;
  }
}

describe("the clocks of a host", () => {
  it("begin right: the wall clock at its epoch, the monotonic one at the time since boot", () => {
    const bench = new ClockBench();
    expect([bench.clock.wallMicros(), bench.clock.monotonicMicros()]).toEqual([epochMicros, 7_000_000]);
    bench.now = 123;
    expect([bench.clock.wallMicros(), bench.clock.monotonicMicros()]).toEqual([epochMicros + 123, 7_000_123]);
    expect(new Date(epochMicros / 1_000).toISOString()).toBe("2024-01-01T00:00:00.000Z");
  });

  it("jump by an offset, the wall clock alone, and back when it is undone; offsets add up", () => {
    const bench = new ClockBench();
    bench.clock.shift(-5_000_000);
    bench.clock.shift(1_000);
    bench.now = 50;
    expect(bench.error).toBe(-4_999_000);
    expect(bench.clock.monotonicMicros()).toBe(7_000_050);
    bench.clock.shift(5_000_000);
    expect(bench.error).toBe(1_000);
    bench.clock.shift(-1_000);
    expect(bench.error).toBe(0);
  });

  it("drift together while it lasts; then the wall clock is right again and the monotonic one goes on from there", () => {
    const bench = new ClockBench();
    bench.clock.changeDrift(50_000);
    bench.now = 10_000_000;
    expect(bench.error).toBe(500_000);
    expect(bench.clock.monotonicMicros()).toBe(17_500_000);
    bench.clock.changeDrift(-50_000);
    expect(bench.error).toBe(0);
    expect(bench.clock.monotonicMicros()).toBe(17_500_000);
  });

  it("begin a second drift from the right time, whatever the first one did", () => {
    const bench = new ClockBench();
    bench.clock.changeDrift(80_000);
    bench.now = 100_000_000;
    bench.clock.changeDrift(-80_000);
    bench.now = 200_000_000;
    bench.clock.changeDrift(-10_000);
    expect(bench.error).toBe(0);
    bench.now = 201_000_000;
    expect(bench.error).toBe(-10_000);
  });

  it("stand still at the wall when frozen, as often as frozen, and are right when thawed as often", () => {
    const bench = new ClockBench();
    bench.now = 1_000;
    bench.clock.freeze();
    bench.now = 2_000;
    bench.clock.freeze();
    bench.now = 9_000;
    expect(bench.error).toBe(-8_000);
    expect(bench.clock.monotonicMicros()).toBe(7_009_000);
    bench.clock.thaw();
    expect(bench.error).toBe(-8_000);
    bench.clock.thaw();
    expect(bench.error).toBe(0);
  });

  it("refuse a drift by which time would stand still or run backwards", () => {
    const bench = new ClockBench();
    bench.clock.changeDrift(-600_000);
    for (const drift of [-400_000, -900_000, Number.NaN]) {
      expect(() => bench.clock.changeDrift(drift)).toThrow(UsageError);
    }
    expect(() => bench.clock.changeDrift(-400_000)).toThrow("cannot drift by -1000000 parts per million");
  });

  it("never go back on the monotonic side and end right at the wall, whatever is changed in whatever order", () => {
    const step = fc.record({
      advance: fc.integer({ min: 0, max: 30_000_000 }),
      turn: fc.oneof(
        fc.record({ kind: fc.constant("drift"), by: fc.integer({ min: -80_000, max: 80_000 }) }),
        fc.record({ kind: fc.constant("offset"), by: fc.integer({ min: -60_000_000, max: 60_000_000 }) }),
        fc.record({ kind: fc.constantFrom("freeze", "heal"), by: fc.nat(9) }),
      ),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const bench = new ClockBench();
        const { clock } = bench;
        const heals: (() => void)[] = [];
        let last = clock.monotonicMicros();
        const look = (): void => {
          const monotonic = clock.monotonicMicros();
          expect(monotonic).toBeGreaterThanOrEqual(last);
          expect(Number.isSafeInteger(monotonic) && Number.isSafeInteger(clock.wallMicros())).toBe(true);
          last = monotonic;
        };
        for (const { advance, turn } of steps) {
          if (turn.kind === "drift" && heals.length < 8) {
            clock.changeDrift(turn.by);
            heals.push(() => clock.changeDrift(-turn.by));
          } else if (turn.kind === "offset") {
            clock.shift(turn.by);
            heals.push(() => clock.shift(-turn.by));
          } else if (turn.kind === "freeze") {
            clock.freeze();
            heals.push(() => clock.thaw());
          } else if (turn.kind === "heal") {
            heals.splice(turn.by % Math.max(1, heals.length), 1)[0]?.();
          }
          look();
          bench.now += advance;
          look();
        }
        for (const heal of heals) heal();
        look();
        expect(bench.error).toBe(0);
      }),
    );
  });

  it("let a timer take as long as the drifting monotonic clock says, to the microsecond", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -400_000, max: 400_000 }),
        fc.integer({ min: 1, max: 1_000_000_000 }),
        (by, wait) => {
          const bench = new ClockBench();
          bench.clock.changeDrift(by);
          const before = bench.clock.monotonicMicros();
          const delay = bench.clock.virtualDelay(wait);
          bench.now += delay;
          expect(bench.clock.monotonicMicros() - before).toBeGreaterThanOrEqual(wait - 1);
          bench.now -= 2;
          expect(bench.clock.monotonicMicros() - before).toBeLessThan(wait);
        },
      ),
    );
    expect(new ClockBench().clock.virtualDelay(12_345)).toBe(12_345);
  });
});

describe("the witness of a wrong clock", () => {
  const cases: readonly [string, number, (bench: ClockBench) => void][] = [
    ["is left by reading the wall clock while it is off", 1, ({ clock }) => (clock.shift(5), clock.wallMicros())],
    ["is left by reading a frozen wall clock", 1, ({ clock }) => (clock.freeze(), clock.wallMicros())],
    [
      "is left by reading a drifting monotonic clock",
      1,
      ({ clock }) => (clock.changeDrift(9), clock.monotonicMicros()),
    ],
    ["is left by arming a timer on a drifting clock", 1, ({ clock }) => (clock.changeDrift(9), clock.virtualDelay(50))],
    ["is not left when nobody reads", 0, ({ clock }) => clock.shift(5)],
    [
      "is not left by the monotonic clock, which an offset spares",
      0,
      ({ clock }) => (clock.shift(5), clock.monotonicMicros()),
    ],
    [
      "is not left by the monotonic clock, which a freeze spares",
      0,
      ({ clock }) => (clock.freeze(), clock.monotonicMicros()),
    ],
    ["is not left by a timer, which an offset spares", 0, ({ clock }) => (clock.shift(5), clock.virtualDelay(50))],
    ["is not left once the clock is right", 0, ({ clock }) => (clock.shift(5), clock.shift(-5), clock.wallMicros())],
    ["is not left once the clock was thawed", 0, ({ clock }) => (clock.freeze(), clock.thaw(), clock.wallMicros())],
    [
      "is left once however often it is read",
      1,
      ({ clock }) => (clock.shift(5), clock.wallMicros(), clock.wallMicros()),
    ],
    [
      "is left once for each change",
      2,
      ({ clock }) => (clock.shift(5), clock.wallMicros(), clock.changeDrift(9), clock.wallMicros()),
    ],
    [
      "is left by the wall clock after the monotonic one was read and was right",
      1,
      ({ clock }) => (clock.shift(5), clock.monotonicMicros(), clock.wallMicros()),
    ],
  ];
  for (const [title, reports, act] of cases) {
    it(`${title}`, () => {
      const bench = new ClockBench();
      act(bench);
      expect(bench.reports).toBe(reports);
    });
  }
});

describe("the clocks of a room", () => {
  it("agree at the wall and cannot be compared otherwise: machines were booted at different times", async () => {
    const tank = new Tank();
    const wall: number[] = [];
    const monotonic: number[] = [];
    for (const name of ["a", "b", "c", "d"]) {
      tank.start(name, async (host) => {
        await host.sleep("1s");
        wall.push(host.clock.wall());
        monotonic.push(host.clock.monotonic());
      });
    }
    await tank.run();
    // Programs start one dispatch apart at most.
    expect(Math.max(...wall) - Math.min(...wall)).toBeLessThan(100);
    expect(new Set(monotonic).size).toBe(4);
    const nearest = monotonic
      .toSorted((a, b) => a - b)
      .map((value, index, all) => value - (all[index - 1] ?? -Infinity));
    expect(Math.min(...nearest)).toBeGreaterThan(500_000);
  });

  it("let a fast host wake early and a slow host late, each right by its own clock", async () => {
    const tank = new Tank();
    const woken = new Map<string, { virtual: number; own: number }>();
    for (const name of ["fast", "right", "slow"]) {
      tank.start(name, async (host) => {
        await host.sleep("1s");
        const before = { virtual: tank.now, own: host.clock.monotonic() };
        await host.sleep("10s");
        woken.set(name, { virtual: tank.now - before.virtual, own: host.clock.monotonic() - before.own });
      });
    }
    tank.at("500ms", () => tank.controls.host("fast").clock.drift(60_000));
    tank.at("500ms", () => tank.controls.host("slow").clock.drift(-60_000));
    await tank.run();
    expect(woken.get("right")).toEqual({ virtual: 10_000_000, own: 10_000_000 });
    expect(woken.get("fast")!.virtual).toBe(9_433_963);
    expect(woken.get("slow")!.virtual).toBe(10_638_298);
    expect(Math.abs(woken.get("fast")!.own - 10_000_000)).toBeLessThanOrEqual(1);
    expect(Math.abs(woken.get("slow")!.own - 10_000_000)).toBeLessThanOrEqual(1);
    expect(tank.of("clock.skewed")).toHaveLength(2);
    expect(tank.of("clock.skewed")).toEqual(expect.arrayContaining([{ host: "fast" }, { host: "slow" }]));
  });

  it("are right again when each control is healed, and healing twice does nothing", async () => {
    const tank = new Tank();
    const errors: number[] = [];
    tank.start("server", async (host) => {
      for (let round = 0; round < 5; round++) {
        await host.sleep("1s");
        errors.push(host.clock.wall() - epochMicros - tank.now);
      }
    });
    const heals: (() => void)[] = [];
    const { clock } = tank.controls.host("server");
    tank.at("1500ms", () => heals.push(clock.freeze(), clock.offset(5_000_000), clock.offset(7_000)));
    tank.at("2500ms", () => heals[0]!());
    tank.at("3500ms", () => heals.forEach((heal) => (heal(), heal())));
    await tank.run();
    expect(errors[0]).toBe(0);
    expect(errors[1]).toBeLessThan(-400_000);
    expect(errors[2]).toBe(5_007_000);
    expect(errors.slice(3)).toEqual([0, 0]);
  });
});
