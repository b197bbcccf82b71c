import { describe, expect, it } from "vitest";
import type { Connection, Host } from "../../../src/ports/host.ts";
import { retransmitLimitMicros } from "../../../src/machine/network/network.ts";
import { outcome, Tank } from "../tank.ts";
import { messages, receiveAll, sendEverySecond, Wire, type Arrival } from "./wire.ts";

const seconds = (arrivals: readonly Arrival[]): number[] => arrivals.map(({ at }) => Math.floor(at / 1_000_000));
const everySecond =
  (...all: number[]) =>
  (connection: Connection, host: Host): Promise<void> =>
    sendEverySecond(connection, host, all);

describe("a blocked way", () => {
  it("holds what is sent until it is free, and delivers it then, in order", async () => {
    const wire = new Wire(everySecond(1, 2, 3, 4, 5));
    let heal = (): void => undefined;
    wire.tank.at("1500ms", () => (heal = wire.there.block()));
    wire.tank.at("4500ms", () => (heal(), heal()));
    await wire.tank.run();
    expect(messages(wire.atServer)).toEqual([1, 2, 3, 4, 5]);
    expect(seconds(wire.atServer)).toEqual([1, 4, 4, 4, 5]);
    expect(wire.tank.of("net.blocked")).toEqual(Array(3).fill({ from: "client", to: "server" }));
  });

  it("blocks one direction: the other works", async () => {
    const wire = new Wire(everySecond(1, 2, 3), everySecond(1, 2, 3));
    const heals: (() => void)[] = [];
    wire.tank.at("1500ms", () => heals.push(wire.back.block()));
    wire.tank.at("9500ms", () => heals[0]!());
    await wire.tank.run();
    expect(seconds(wire.atServer)).toEqual([1, 2, 3]);
    expect(seconds(wire.atClient)).toEqual([1, 9, 9]);
  });

  it("stays blocked until every block is healed", async () => {
    const wire = new Wire(everySecond(1));
    const heals: (() => void)[] = [];
    wire.tank.at("500ms", () => heals.push(wire.there.block(), wire.there.block()));
    wire.tank.at("3500ms", () => heals[0]!());
    wire.tank.at("5500ms", () => heals[1]!());
    await wire.tank.run();
    expect(seconds(wire.atServer)).toEqual([5]);
  });

  it("breaks a connection that has waited for as long as TCP retransmits, at the sender's end", async () => {
    const wire = new Wire(everySecond(1, 2));
    wire.tank.at("1500ms", () => wire.there.block());
    await wire.tank.run();
    expect(messages(wire.atClient)).toEqual(["!ETIMEDOUT?"]);
    expect(wire.atClient[0]!.at - 2_000_000).toBeGreaterThan(retransmitLimitMicros);
    expect(wire.atClient[0]!.at - 2_000_000).toBeLessThan(retransmitLimitMicros + 50_000);
    expect(wire.tank.of("net.timed-out")).toEqual([{ from: "client", to: "server" }]);
    expect(messages(wire.atServer)).toEqual([1]);
  });

  it("spares an idle connection, however long it lasts", async () => {
    const wire = new Wire(async (connection, host) => {
      await host.sleep("120s");
      connection.send("still here");
    });
    const heals: (() => void)[] = [];
    wire.tank.at("1s", () => heals.push(wire.there.block(), wire.back.block()));
    wire.tank.at("100s", () => heals.forEach((heal) => heal()));
    await wire.tank.run();
    expect(messages(wire.atServer)).toEqual(["still here"]);
    expect(wire.tank.of("net.timed-out")).toEqual([]);
  });

  it("counts the waiting of what waits now, not of what has passed meanwhile", async () => {
    const wire = new Wire(async (connection, host) => {
      await host.sleep("1s");
      connection.send(1);
      await host.sleep("13s");
      connection.send(2);
    });
    const heals: (() => void)[] = [];
    wire.tank.at("500ms", () => heals.push(wire.there.block()));
    wire.tank.at("5s", () => heals[0]!());
    // Blocked again when the first message's time would be over; the second one has waited for two seconds then.
    wire.tank.at("13s", () => heals.push(wire.there.block()));
    wire.tank.at("20s", () => heals[1]!());
    await wire.tank.run();
    expect(messages(wire.atServer)).toEqual([1, 2]);
    expect(seconds(wire.atServer)).toEqual([5, 20]);
    expect(messages(wire.atClient)).toEqual([]);
  });

  it("spares a connection of which nothing waits any more, blocked again or not", async () => {
    const wire = new Wire(everySecond(1));
    const heals: (() => void)[] = [];
    wire.tank.at("500ms", () => heals.push(wire.there.block()));
    wire.tank.at("5s", () => heals[0]!());
    wire.tank.at("8s", () => wire.there.block());
    await wire.tank.run();
    expect(messages(wire.atServer)).toEqual([1]);
    expect(messages(wire.atClient)).toEqual([]);
  });

  it("still breaks the connection of a message that waits for too long behind others that have passed", async () => {
    const wire = new Wire(async (connection, host) => {
      await host.sleep("1s");
      connection.send(1);
      await host.sleep("13s");
      connection.send(2);
    });
    const heals: (() => void)[] = [];
    wire.tank.at("500ms", () => heals.push(wire.there.block()));
    wire.tank.at("5s", () => heals[0]!());
    wire.tank.at("13s", () => wire.there.block());
    await wire.tank.run();
    expect(messages(wire.atServer)).toEqual([1]);
    expect(messages(wire.atClient)).toEqual(["!ETIMEDOUT?"]);
    expect(seconds(wire.atClient)).toEqual([29]);
  });

  it("lets a connect time out definitely, and closes the connection that comes about too late", async () => {
    const tank = new Tank();
    const seen: unknown[] = [];
    const arrivals: Arrival[] = [];
    const heals: (() => void)[] = [];
    tank.at("1ms", () => heals.push(tank.controls.link("client", "server").block()));
    tank.at("20s", () => heals[0]!());
    tank.start("server", (host) => host.accept(1, (connection) => receiveAll(tank, connection, arrivals)));
    tank.start("client", async (host) => {
      await host.sleep("1s");
      seen.push(await outcome(host.connect("server:1", { timeout: "3s" })), tank.now);
    });
    await tank.run();
    expect(seen[0]).toBe("!ETIMEDOUT");
    expect(Math.floor((seen[1] as number) / 10_000)).toBe(400);
    expect(messages(arrivals)).toEqual([undefined]);
    expect(seconds(arrivals)).toEqual([20]);
  });
});

describe("a clogged way", () => {
  it("breaks nothing however long it lasts; then all pass at once, in order", async () => {
    const wire = new Wire(everySecond(1, 2, 3, 4));
    const heals: (() => void)[] = [];
    wire.tank.at("500ms", () => heals.push(wire.there.clog()));
    wire.tank.at("600s", () => heals[0]!());
    await wire.tank.run();
    expect(messages(wire.atServer)).toEqual([1, 2, 3, 4]);
    expect(seconds(wire.atServer)).toEqual([600, 600, 600, 600]);
    expect(wire.atServer[3]!.at).toBeLessThan(600_030_000);
    expect(wire.tank.of("net.clogged")).toHaveLength(4);
  });
});

describe("a slow way", () => {
  it("makes every message take longer, until it is healed; delays add up", async () => {
    const wire = new Wire(everySecond(1, 2, 3, 4));
    const heals: (() => void)[] = [];
    wire.tank.at("1500ms", () => heals.push(wire.there.delay("300ms"), wire.there.delay("200ms")));
    wire.tank.at("2700ms", () => heals[1]!());
    wire.tank.at("3700ms", () => heals[0]!());
    await wire.tank.run();
    const late = wire.atServer.map(({ at }, index) => Math.floor((at - (index + 1) * 1_000_000) / 100_000));
    expect(late).toEqual([0, 5, 3, 0]);
    expect(wire.tank.of("net.delayed")).toEqual(Array(2).fill({ from: "client", to: "server" }));
  });
});

describe("a lossy way", () => {
  it("loses a message together with its connection, and both ends see a reset", async () => {
    const wire = new Wire(everySecond(1, 2, 3));
    const heals: (() => void)[] = [];
    wire.tank.at("1500ms", () => heals.push(wire.there.breakSome(1)));
    await wire.tank.run("2900ms");
    expect(messages(wire.atServer)).toEqual([1, "!ECONNRESET?"]);
    expect(messages(wire.atClient)).toEqual(["!ECONNRESET?"]);
    expect(wire.tank.of("net.reset")).toEqual([{ from: "client", to: "server" }]);
  });

  it("loses about one message in as many as it says, and none once healed", async () => {
    const tank = new Tank();
    let broken = 0;
    const heal = tank.controls.link("client", "server").breakSome(10);
    tank.start("server", (host) => host.listen(1, () => "ok"));
    tank.start("client", async (host) => {
      for (let index = 0; index < 1_000; index++) {
        if (index === 500) {
          heal();
          heal();
        }
        if ((await outcome(host.call("server:1", index))) === "!ECONNRESET?") broken++;
      }
    });
    await tank.run();
    expect(broken).toBeGreaterThan(25);
    expect(broken).toBeLessThan(80);
    expect(tank.of("net.reset")).toHaveLength(broken);
  });
});

describe("a reset", () => {
  it("is seen by both ends, at once, and says how many connections it hit", async () => {
    const wire = new Wire(everySecond(1, 2));
    const counts: number[] = [];
    wire.tank.at("1500ms", () => counts.push(wire.there.reset(), wire.back.reset()));
    await wire.tank.run("1900ms");
    expect(counts[0]).toBe(1);
    expect(messages(wire.atServer)).toEqual([1, "!ECONNRESET?"]);
    expect(messages(wire.atClient)).toEqual(["!ECONNRESET?"]);
    expect(wire.tank.momentsOf("net.reset")).toEqual([1_500_000]);
  });

  it("of hosts that have no connection hits none and leaves no witness", async () => {
    const wire = new Wire(everySecond(1));
    const counts: number[] = [];
    wire.tank.start("third", () => undefined);
    wire.tank.at("500ms", () => counts.push(wire.tank.controls.link("client", "third").reset()));
    await wire.tank.run();
    expect(counts).toEqual([0]);
    expect(wire.tank.of("net.reset")).toEqual([]);
    expect(messages(wire.atServer)).toEqual([1]);
  });
});

describe("a half-open connection", () => {
  it("lets what is sent vanish either way, and times out in the end at whoever sent", async () => {
    const wire = new Wire(everySecond(1, 2, 3), everySecond(1, 2, 3));
    const counts: number[] = [];
    wire.tank.at("1500ms", () => counts.push(wire.there.halfOpen()));
    await wire.tank.run();
    expect(counts).toEqual([1]);
    for (const arrivals of [wire.atServer, wire.atClient]) {
      expect(messages(arrivals)).toEqual([1, "!ETIMEDOUT?"]);
      expect(seconds(arrivals)).toEqual([1, 17]);
    }
    expect(wire.tank.of("net.half-open")).toHaveLength(4);
    expect(wire.tank.of("net.timed-out")).toHaveLength(2);
  });

  it("keeps the end that sends nothing waiting for ever, even when the other one is closed", async () => {
    const wire = new Wire(async (connection, host) => {
      await host.sleep("2s");
      connection.close();
    });
    wire.tank.at("1s", () => wire.there.halfOpen());
    await wire.tank.run();
    expect(messages(wire.atServer)).toEqual([]);
    expect(messages(wire.atClient)).toEqual([undefined]);
  });
});
