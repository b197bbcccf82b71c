import { describe, expect, it } from "vitest";
import type { ProcessEnd } from "../../src/ports/world.ts";
import { gaps, starts } from "./starts.ts";

describe("a restart policy of one's own", () => {
  it("decides by how the incarnation ended", async () => {
    const asked: ProcessEnd[] = [];
    const restart = (end: ProcessEnd): boolean => {
      asked.push(end);
      return end.reason !== "fenced";
    };
    const { tank, began } = starts({ restart }, (host, count) => {
      if (count === 1) host.exit(0, "restarting");
      if (count === 2) host.exit(134, "out of step");
      if (count === 4) host.exit(0, "fenced");
    });
    tank.at("5s", () => tank.controls.host("server").crash());
    await tank.run();
    expect(began.map(({ process }) => process)).toEqual(["server#1", "server#2", "server#3", "server#4"]);
    expect(asked).toEqual([
      { kind: "exit", code: 0, reason: "restarting" },
      { kind: "halt", code: 134, reason: "out of step" },
      { kind: "killed", code: 137, reason: "killed" },
      { kind: "exit", code: 0, reason: "fenced" },
    ]);
  });
});

describe("whoever wants to know how incarnations end", () => {
  it("is told of each once, of one that dies slowly when it is taken for dead", async () => {
    const told: (readonly [at: number, reason: string])[] = [];
    const { tank } = starts(
      { restart: "on-failure", onEnd: ({ reason }) => told.push([Math.round(tank.now / 1_000), reason]) },
      (host, count) => {
        if (count === 4) host.exit(0, "done");
      },
    );
    // The old one lives on for less than the backoff, then for longer.
    tank.at("5s", () => tank.controls.host("server").slowDeath("100ms"));
    tank.at("20s", () => tank.controls.host("server").slowDeath("8s"));
    tank.at("60s", () => tank.controls.host("server").crash());
    await tank.run();
    expect(told.map(([at]) => Math.floor(at / 1_000))).toEqual([5, 20, 60, 60]);
    expect(told.map(([, reason]) => reason)).toEqual(["killed", "killed", "killed", "done"]);
  });
});

describe("a host that is held down", () => {
  it("dies at once and comes back only when it is let go", async () => {
    const { tank, began } = starts({ restart: "always" });
    let release = (): void => undefined;
    tank.at("1s", () => (release = tank.controls.host("server").down()));
    tank.at("20s", () => release());
    await tank.run();
    expect(began).toHaveLength(2);
    expect(gaps(began)).toEqual([20_000]);
  });

  it("waits for its backoff too, and for the last of several who hold it", async () => {
    const { tank, began } = starts({ restart: "always", backoff: "4s" });
    const releases: (() => void)[] = [];
    tank.at("1s", () => releases.push(tank.controls.host("server").down(), tank.controls.host("server").down()));
    tank.at("2s", () => releases[0]!());
    tank.at("3s", () => releases[1]!());
    tank.at("3s", () => releases[1]!());
    await tank.run();
    expect(gaps(began)).toEqual([5_000]);
  });

  it("stays as it was when nothing on it is to be started again", async () => {
    const { tank, began } = starts({});
    let release = (): void => undefined;
    tank.at("1s", () => (release = tank.controls.host("server").down()));
    tank.at("2s", () => release());
    await tank.run();
    expect(began).toHaveLength(1);
  });
});

describe("a retired service", () => {
  it("dies and never comes back, not even when its restart was on its way", async () => {
    for (const retireAt of ["2s", "1200ms"] as const) {
      const { tank, began } = starts({ restart: "always", backoff: "400ms" });
      tank.at("1s", () => tank.controls.host("server").crash());
      tank.at(retireAt, () => tank.room.services.forEach((service) => service.retire()));
      await tank.run();
      expect(began).toHaveLength(retireAt === "2s" ? 2 : 1);
      expect(tank.room.isWhole).toBe(true);
    }
  });
});
