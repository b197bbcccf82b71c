import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { micros } from "../../../src/base/time.ts";
import type { Connection, Host } from "../../../src/ports/host.ts";
import { outcome, Tank } from "../tank.ts";
import { messages, receiveAll, sendEverySecond, Wire, type Arrival } from "./wire.ts";

describe("a connection", () => {
  it("delivers what was sent before it was closed, in order, and then ends at both sides", async () => {
    const wire = new Wire(
      async (connection) => {
        for (let index = 0; index < 50; index++) connection.send(index);
        connection.close();
      },
      (connection) => connection.send("hello"),
    );
    await wire.tank.run();
    expect(messages(wire.atServer)).toEqual([...Array.from({ length: 50 }, (_, index) => index), undefined]);
    expect(messages(wire.atClient)).toEqual([undefined]);
  });

  it("keeps order and loses nothing either way, whatever delays and jams come and go meanwhile", async () => {
    const turn = fc.record({
      kind: fc.constantFrom("delay" as const, "clog" as const, "block" as const),
      isBack: fc.boolean(),
      at: fc.integer({ min: 100_000, max: 3_000_000 }),
      lasts: fc.integer({ min: 1, max: 4_000_000 }),
    });
    const pauses = fc.array(fc.nat(200_000), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(fc.array(turn, { maxLength: 6 }), pauses, fc.nat(9_999), async (turns, waits, seed) => {
        const talk = async (connection: Connection, host: Host): Promise<void> => {
          for (const [index, wait] of waits.entries()) {
            connection.send({ index });
            await host.sleep(micros(wait));
          }
        };
        const wire = new Wire(talk, talk, `${seed}`);
        for (const { kind, isBack, at, lasts } of turns) {
          wire.tank.at(micros(at), () => {
            const link = isBack ? wire.back : wire.there;
            const heal = kind === "delay" ? link.delay("300ms") : kind === "clog" ? link.clog() : link.block();
            wire.tank.at(micros(wire.tank.now + lasts), heal);
          });
        }
        await wire.tank.run("60s");
        const sent = waits.map((_, index) => ({ index }));
        expect(messages(wire.atServer)).toEqual(sent);
        expect(messages(wire.atClient)).toEqual(sent);
      }),
      { numRuns: 60 },
    );
  });

  it("takes some of a millisecond for a message, rarely more, and less on one host", async () => {
    const wire = new Wire(
      async (connection, host) => {
        for (let index = 0; index < 400; index++) {
          connection.send(wire.tank.now);
          await host.sleep("50ms");
        }
      },
      () => undefined,
      "latency",
    );
    await wire.tank.run();
    const took = wire.atServer.map(({ at, message }) => at - (message as number)).toSorted((a, b) => a - b);
    expect(took).toHaveLength(400);
    expect(took[0]).toBeGreaterThanOrEqual(150);
    expect(took[360]).toBeLessThan(1_800);
    expect(took.at(-1)).toBeGreaterThan(7_000);
    expect(took.at(-1)).toBeLessThan(12_100);
    const local = new Tank();
    const seen: number[] = [];
    local.start("one", async (host) => {
      await host.listen(1, () => "ok");
      await host.call("one:1", 0);
      const began = local.now;
      await host.call("one:1", 0);
      seen.push(local.now - began);
    });
    await local.run();
    expect(seen[0]).toBeLessThan(250);
  });

  it("has the latencies of its own messages: one more on another link moves none of them", async () => {
    const arrivals = async (extra: number): Promise<readonly Arrival[]> => {
      const wire = new Wire((connection, host) => sendEverySecond(connection, host, [1, 2, 3, 4, 5]));
      wire.tank.start("other", async (host) => {
        await host.sleep("500ms");
        const connection = await host.connect("third:1");
        for (let index = 0; index < extra; index++) connection.send(index);
      });
      wire.tank.start("third", (host) => host.accept(1, () => undefined));
      await wire.tank.run();
      return wire.atServer;
    };
    const base = await arrivals(1);
    expect(base).toHaveLength(5);
    expect(await arrivals(2)).toEqual(base);
    expect(await arrivals(40)).toEqual(base);
  });

  it("copies messages: what the sender does to one afterwards is not seen, nor what the receiver does", async () => {
    const bytes = new Uint8Array([1, 2, 3]);
    const message = { list: [1, 2], bytes, left: undefined };
    const wire = new Wire(async (connection) => {
      connection.send(message as never);
      message.list.push(3);
      bytes[0] = 99;
    });
    await wire.tank.run();
    expect(messages(wire.atServer)).toEqual([{ list: [1, 2], bytes: new Uint8Array([1, 2, 3]) }]);
    (wire.atServer[0]!.message as { list: number[] }).list.push(4);
    expect(message.list).toEqual([1, 2, 3]);
  });

  it("refuses what is no JSON-like value, says where in the message it is, and sends nothing of it", async () => {
    class Point {
      x = 1;
    }
    const cases: readonly [unknown, string][] = [
      [{ a: { b: () => 1 } }, "a.b is a function"],
      [[1, new Map()], "message[1] is a Map"],
      [{ a: [0, { n: Number.NaN }] }, "a[1].n is NaN"],
      [{ a: Number.POSITIVE_INFINITY }, "a is Infinity"],
      [{ a: new Point() }, "a is a Point"],
      [{ a: new Date(0) }, "a is a Date"],
      [{ a: 1n }, "a is a bigint"],
      [Symbol("s"), "message is a symbol"],
    ];
    const said: string[] = [];
    const wire = new Wire(async (connection) => {
      for (const [message] of cases) {
        try {
          connection.send(message as never);
        } catch (error) {
          said.push(`${(error as Error).name}: ${(error as Error).message}`);
        }
      }
      connection.send("fine");
    });
    await wire.tank.run();
    expect(said).toEqual(cases.map(([, place]) => `TypeError: ${place}: ports carry JSON-like values`));
    expect(messages(wire.atServer)).toEqual(["fine"]);
  });

  it("writes holes of arrays as null, as JSON does", async () => {
    const wire = new Wire(async (connection) => connection.send([1, , 3] as never)); // oxlint-disable-line no-sparse-arrays
    await wire.tank.run();
    expect(messages(wire.atServer)).toEqual([[1, null, 3]]);
  });

  it("throws EPIPE for a message on an end that is closed, by itself or by the other side, definitely unsent", async () => {
    const said: unknown[] = [];
    const trySend = (connection: Connection): void => {
      try {
        connection.send("late");
      } catch (error) {
        said.push(error);
      }
    };
    const wire = new Wire(
      async (connection) => {
        connection.close();
        trySend(connection);
        said.push(await outcome(connection.receive()));
      },
      async (connection, host) => {
        await host.sleep("1s");
        trySend(connection);
      },
    );
    await wire.tank.run();
    const refused = expect.objectContaining({ code: "EPIPE", definite: true });
    expect(said).toEqual([refused, undefined, refused]);
    expect(messages(wire.atServer)).toEqual([undefined]);
  });

  it("names the peer's host at either end", async () => {
    const peers: string[] = [];
    const wire = new Wire(
      async (connection) => peers.push(connection.peer.host),
      (connection) => peers.push(connection.peer.host),
    );
    await wire.tank.run();
    expect(peers.toSorted()).toEqual(["client", "server"]);
  });
});

describe("the end of a process", () => {
  it("resets its peers when it crashes, at once, and what was in flight may still arrive before", async () => {
    const wire = new Wire(
      (connection, host) => sendEverySecond(connection, host, [1, 2]),
      (connection) => connection.send("last words"),
    );
    wire.tank.at("1500ms", () => wire.tank.controls.host("server").crash());
    await wire.tank.run("1800ms");
    expect(messages(wire.atClient)).toEqual(["last words", "!ECONNRESET?"]);
    expect(wire.atClient[1]!.at).toBeLessThan(1_513_000);
    expect(messages(wire.atServer)).toEqual([1]);
  });

  it("tells nobody when the power is lost: the next message finds out", async () => {
    const wire = new Wire((connection, host) => sendEverySecond(connection, host, [1, 2, 3, 4, 5, 6]));
    wire.tank.at("4500ms", () => wire.tank.controls.host("server").powerLoss());
    const rest: Arrival[] = [];
    wire.tank.at("4900ms", () => rest.push(...wire.atClient));
    await wire.tank.run("5900ms");
    expect(rest).toEqual([]);
    expect(messages(wire.atClient)).toEqual(["!ECONNRESET?"]);
    expect(wire.atClient[0]!.at).toBeGreaterThan(5_000_000);
    expect(wire.atClient[0]!.at).toBeLessThan(5_040_000);
  });

  it("cuts what it sent in its last dispatch at a point of choice, so that a prefix leaves", async () => {
    const lengths = new Set<number>();
    for (let seed = 0; seed < 60; seed++) {
      const tank = new Tank({ seed: `${seed}`, tolerate: ["RangeError"] });
      const seen: Arrival[] = [];
      tank.start("server", (host) => host.accept(1, (connection) => receiveAll(tank, connection, seen)));
      tank.start("client", async (host) => {
        await host.sleep("10ms");
        const connection = await host.connect("server:1");
        for (let index = 0; index < 4; index++) connection.send(index);
        throw new RangeError("dies here");
      });
      await tank.run();
      expect(messages(seen).slice(0, -1)).toEqual([0, 1, 2, 3].slice(0, seen.length - 1));
      lengths.add(seen.length - 1);
    }
    expect(lengths.size).toBe(5);
  });
});
