import { describe, expect, it } from "vitest";
import type { Host } from "../../src/ports/host.ts";
import { gaps, starts } from "./starts.ts";
import { outcome, Tank } from "./tank.ts";

class Bug extends Error {
  readonly code = "EBUG";
}

describe("a restart policy", () => {
  const ends: { readonly [how: string]: (host: Host) => unknown } = {
    "exit(0)": (host) => host.exit(0),
    "exit(3)": (host) => host.exit(3, "out of luck"),
    "a panic": () => Promise.reject(new Bug()),
    "a crash": () => undefined,
  };
  const restarts: { readonly [policy: string]: readonly string[] } = {
    never: [],
    "on-failure": ["exit(3)", "a panic", "a crash"],
    always: ["exit(0)", "exit(3)", "a panic", "a crash"],
  };
  for (const [policy, after] of Object.entries(restarts)) {
    for (const [how, end] of Object.entries(ends)) {
      const isRestarted = after.includes(how);
      it(`of ${policy} ${isRestarted ? "starts a successor" : "leaves it at that"} after ${how}`, async () => {
        const restart = policy as "never" | "on-failure" | "always";
        const { tank, began } = starts({ restart }, (host, count) => (count === 1 ? end(host) : undefined));
        if (how === "a crash") tank.at("1ms", () => tank.controls.host("server").crash());
        await tank.run();
        expect(began.map(({ process }) => process)).toEqual(isRestarted ? ["server#1", "server#2"] : ["server#1"]);
      });
    }
  }

  it("of never is the default, and a main function that returns is no end", async () => {
    const { tank, began } = starts({});
    await tank.run();
    expect(tank.of("process.started")).toEqual([{ host: "server", process: "server#1" }]);
    expect(tank.of("process.exited")).toEqual([]);
    expect(began).toHaveLength(1);
  });

  it("shows how a process ended, with a reason that is no message", async () => {
    const { tank } = starts({ restart: "always" }, (host, count) => {
      if (count === 1) host.exit(3, "out of luck");
      if (count === 2) throw new Bug("a message that nobody compares");
      if (count === 3) host.exit(0);
    });
    await tank.run();
    expect(tank.of("process.exited")).toEqual([
      { host: "server", process: "server#1", exit: "halt", reason: "out of luck" },
      { host: "server", process: "server#2", exit: "panic", reason: "EBUG" },
      { host: "server", process: "server#3", exit: "exit", reason: "exit" },
    ]);
  });
});

describe("the wait before a restart", () => {
  it("is half a second, doubled for every death in a row, up to ten seconds", async () => {
    const { tank, began } = starts({ restart: "always" }, (host, count) => (count < 9 ? host.exit(1) : undefined));
    await tank.run();
    expect(gaps(began)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000]);
  });

  it("is what the options say, and its cap is not below its start", async () => {
    const options = { restart: "always", backoff: "100ms", backoffMax: "300ms" } as const;
    const first = starts(options, (host, count) => (count < 6 ? host.exit(1) : undefined));
    await first.tank.run();
    expect(gaps(first.began)).toEqual([100, 200, 300, 300, 300]);
    const second = starts({ restart: "always", backoff: "20s" }, (host, count) =>
      count < 4 ? host.exit(1) : undefined,
    );
    await second.tank.run();
    expect(gaps(second.began)).toEqual([20_000, 20_000, 20_000]);
  });

  it("begins anew once an incarnation has lived for ten seconds", async () => {
    const { tank, began } = starts({ restart: "always" }, async (host, count) => {
      if (count === 4) await host.sleep("11s");
      else if (count > 7) return;
      host.exit(1);
    });
    await tank.run();
    expect(gaps(began)).toEqual([500, 1_000, 2_000, 11_500, 500, 1_000, 2_000]);
  });
});

describe("processes", () => {
  it("are numbered by incarnation under their own names, of which each is given once", async () => {
    const tank = new Tank();
    const seen: string[] = [];
    const note = (host: Host): unknown => seen.push(`${host.process} on ${host.name}`);
    tank.start("one", note, { restart: "always" });
    tank.start("one", note, { name: "sidecar", restart: "always" });
    expect(() => tank.start("two", note, { name: "sidecar" })).toThrow('a process named "sidecar" was started before');
    expect(() => tank.start("no host", note)).toThrow('"no host" is no host name');
    tank.at("1s", () => expect(tank.controls.host("one").crash()).toBe(2));
    await tank.run();
    expect(seen.toSorted()).toEqual(["one#1 on one", "one#2 on one", "sidecar#1 on one", "sidecar#2 on one"]);
    expect(tank.of("process.crashed")).toHaveLength(2);
  });

  it("leave nothing running when they crash: no timer, no handler, no finally", async () => {
    const tank = new Tank();
    const seen: string[] = [];
    tank.start("server", async (host) => {
      await host.listen(1, () => seen.push("handled"));
      try {
        await host.sleep("2s");
        seen.push("woke");
      } finally {
        seen.push("finally");
      }
    });
    tank.start("client", async (host) => {
      await host.sleep("1500ms");
      seen.push((await outcome(host.call("server:1", 1))) as string);
    });
    tank.at("1s", () => tank.controls.host("server").crash());
    await tank.run();
    expect(seen).toEqual(["!ECONNREFUSED"]);
  });
});

describe("a slow death", () => {
  it("has the successor started while the predecessor still acts, which is killed when its time is over", async () => {
    const tank = new Tank();
    const ticks: string[] = [];
    tank.start(
      "server",
      async (host) => {
        for (;;) {
          await host.sleep("200ms");
          ticks.push(`${host.process} ${Math.floor(tank.now / 100_000)}`);
        }
      },
      { restart: "always" },
    );
    tank.at("1s", () => tank.controls.host("server").slowDeath("1s"));
    await tank.run("2400ms");
    const of = (process: string): number[] =>
      ticks.filter((tick) => tick.startsWith(process)).map((tick) => Number(tick.split(" ")[1]));
    expect(of("server#1")).toEqual([2, 4, 6, 8, 10, 12, 14, 16, 18]);
    expect(of("server#2")).toEqual([17, 19, 21, 23]);
    expect(tank.momentsOf("process.lingered")).toEqual([1_000_000]);
    expect(tank.momentsOf("process.crashed")).toEqual([2_000_000]);
    expect(tank.momentsOf("process.started")).toEqual([0, 1_500_000]);
  });

  it("that is over before the successor starts is followed by one successor all the same", async () => {
    const { tank, began } = starts({ restart: "always" });
    tank.at("1s", () => tank.controls.host("server").slowDeath("100ms"));
    await tank.run();
    expect(began.map(({ process }) => process)).toEqual(["server#1", "server#2"]);
  });

  it("is cut short by a crash, which takes both", async () => {
    const tank = new Tank();
    const alive = (): readonly string[] => [...tank.room.machine("server").processes.keys()];
    const seen: (readonly string[])[] = [];
    tank.start("server", () => undefined, { restart: "always" });
    tank.at("1s", () => tank.controls.host("server").slowDeath("5s"));
    tank.at("2s", () => {
      seen.push(alive());
      tank.controls.host("server").crash();
      seen.push(alive());
    });
    await tank.run();
    expect(seen).toEqual([["server#1", "server#2"], []]);
    expect(tank.of("process.crashed")).toEqual([
      { host: "server", process: "server#1" },
      { host: "server", process: "server#2" },
    ]);
  });
});

describe("a graceful stop", () => {
  it("calls the stop handlers and lets the process end by itself", async () => {
    const tank = new Tank();
    const seen: string[] = [];
    tank.start("server", (host) => {
      host.onStop(() => seen.push("first"));
      host.onStop(async () => {
        await host.sleep("100ms");
        seen.push("flushed");
        host.exit(0);
      });
    });
    tank.at("1s", () => expect(tank.controls.host("server").stop("1s")).toBe(1));
    await tank.run();
    expect(seen).toEqual(["first", "flushed"]);
    expect(tank.of("process.exited")).toEqual([{ host: "server", process: "server#1", exit: "exit", reason: "exit" }]);
    expect(tank.of("process.crashed")).toEqual([]);
    expect(tank.of("process.stopped")).toHaveLength(1);
  });

  it("kills after the grace what has not ended, handlers or not", async () => {
    const { tank, began } = starts({ restart: "always" }, (host, count) => {
      if (count === 1) host.onStop(() => host.sleep("10s"));
    });
    tank.at("1s", () => tank.controls.host("server").stop("2s"));
    await tank.run();
    expect(tank.momentsOf("process.crashed")).toEqual([3_000_000]);
    expect(gaps(began)).toEqual([3_500]);
  });

  it("asks no successor: handlers belong to their incarnation", async () => {
    const tank = new Tank();
    const seen: string[] = [];
    tank.start("server", (host) => host.onStop(() => seen.push(host.process)), { restart: "always" });
    tank.at("1s", () => tank.controls.host("server").crash());
    tank.at("3s", () => tank.controls.host("server").stop("1s"));
    tank.at("3500ms", () => expect(seen).toEqual(["server#2"]));
    await tank.run();
    expect(seen).toEqual(["server#2"]);
  });

  it("asks the successor of a slowly dying process alone", async () => {
    const tank = new Tank();
    const seen: string[] = [];
    tank.start("server", (host) => host.onStop(() => seen.push(host.process)), { restart: "always" });
    tank.at("1s", () => tank.controls.host("server").slowDeath("5s"));
    tank.at("2s", () => expect(tank.controls.host("server").stop("1s")).toBe(1));
    tank.at("2100ms", () => expect(seen).toEqual(["server#2"]));
    await tank.run("2500ms");
    expect(seen).toEqual(["server#2"]);
    expect(tank.of("process.stopped")).toEqual([{ host: "server", process: "server#2" }]);
  });

  it("of a host without live processes stops none", async () => {
    const { tank } = starts({}, (host) => host.exit(0));
    const { crash, stop, slowDeath, powerLoss } = tank.controls.host("server");
    tank.at("1s", () => expect([crash(), stop("1s"), slowDeath("1s"), powerLoss()]).toEqual([0, 0, 0, 0]));
    await tank.run();
    expect(tank.seen.map(({ kind }) => kind)).toEqual(["process.started", "process.exited"]);
  });
});
