import { describe, expect, it } from "vitest";
import { NetError } from "../../../src/machine/port-errors.ts";
import type { Host } from "../../../src/ports/host.ts";
import { outcome, Tank } from "../tank.ts";

class Refusal extends Error {
  readonly code = "EQUOTA";
}

/** A server that sleeps as long as it is asked to, and a client that runs `program` at 10 ms. */
function pair(
  program: (host: Host, tank: Tank) => Promise<unknown>,
  serve: (request: any, host: Host) => unknown = async ({ ms, answer }, host) => {
    await host.sleep(`${ms}ms`);
    return answer;
  },
  tolerate: readonly string[] = [],
): Tank {
  const tank = new Tank({ tolerate });
  tank.start("server", (host) => host.listen(1, (request) => serve(request, host)), { restart: "always" });
  tank.start("client", async (host) => {
    await host.sleep("10ms");
    await program(host, tank);
  });
  return tank;
}

describe("a call", () => {
  it("gets the reply to its own request, whatever order replies come in", async () => {
    const seen: unknown[] = [];
    const tank = pair(async (host) => {
      const waits = [300, 10, 200, 0, 100];
      const calls = waits.map(async (ms) => {
        const reply: unknown = await host.call("server:1", { ms, answer: { was: ms } });
        seen.push([ms, reply]);
      });
      await Promise.all(calls);
    });
    await tank.run();
    expect(seen).toEqual([0, 10, 100, 200, 300].map((ms) => [ms, { was: ms }]));
  });

  it("gets undefined from a handler that returns nothing, and null as null", async () => {
    const seen: unknown[] = [];
    const tank = pair(
      async (host) => seen.push(await host.call("server:1", null), await host.call("server:1", 1)),
      (request) => (request === null ? null : undefined),
    );
    await tank.run();
    expect(seen).toEqual([null, undefined]);
  });

  it("knows the host that calls", async () => {
    const tank = new Tank();
    const seen: unknown[] = [];
    tank.start("server", (host) => host.listen(1, (_request, peer) => peer.host));
    tank.start("client", async (host) => {
      await host.sleep("10ms");
      seen.push(await host.call("server:1", 0));
    });
    await tank.run();
    expect(seen).toEqual(["client"]);
  });

  it("shares one connection with the others of its process, and makes a new one after a break", async () => {
    const tank = new Tank();
    let connections = 0;
    const seen: unknown[] = [];
    tank.start("server", (host) =>
      host.accept(1, async (connection) => {
        connections++;
        for (let request = await outcome(connection.receive()); ; request = await outcome(connection.receive())) {
          if (typeof request !== "object") return;
          connection.send({ re: (request as { id: number }).id, value: connections });
        }
      }),
    );
    tank.start("client", async (host) => {
      await host.sleep("10ms");
      const calls = (): Promise<unknown> => Promise.all([host.call("server:1", 1), host.call("server:1", 2)]);
      seen.push(await calls(), await calls());
      await host.sleep("1s");
      seen.push(await calls(), await calls());
    });
    tank.at("500ms", () => tank.controls.link("client", "server").reset());
    await tank.run();
    expect(seen).toEqual([
      [1, 1],
      [1, 1],
      [2, 2],
      [2, 2],
    ]);
  });

  it("that times out takes its connection with it: what else is on it is reset, the next call dials again", async () => {
    const seen: unknown[] = [];
    const tank = pair(async (host) => {
      const slow = outcome(host.call("server:1", { ms: 9_000, answer: "late" }, { timeout: "1s" }));
      const slower = outcome(host.call("server:1", { ms: 9_000, answer: "late" }, { timeout: "8s" }));
      seen.push(await slow, await slower, Math.floor(tank.now / 10_000));
      seen.push(await outcome(host.call("server:1", { ms: 1, answer: "again" })));
    });
    await tank.run();
    expect(seen).toEqual(["!ETIMEDOUT?", "!ECONNRESET?", 101, "again"]);
  });

  it("takes no longer than its timeout in all, dialing included, even when another call's dialing may", async () => {
    const seen: unknown[] = [];
    const tank = pair(async (host) => {
      const patient = outcome(host.call("server:1", { ms: 0, answer: "patient" }, { timeout: "60s" }));
      const began = tank.now;
      seen.push(await outcome(host.call("server:1", { ms: 0 }, { timeout: "2s" })), tank.now - began);
      seen.push(await patient, Math.floor(tank.now / 1_000_000));
      seen.push(await outcome(host.call("server:1", { ms: 0, answer: "pooled" })));
    });
    const heals: (() => void)[] = [];
    tank.at("1ms", () => heals.push(tank.controls.link("client", "server").block()));
    tank.at("30s", () => heals[0]!());
    await tank.run();
    expect(seen).toEqual(["!ETIMEDOUT", 2_000_000, "patient", 30, "pooled"]);
    const slow = pair(async (host, { controls, kernel }) => {
      controls.link("client", "server").delay("400ms");
      const began = kernel.now;
      const call = host.call("server:1", { ms: 300, answer: 0 }, { timeout: "600ms" });
      seen.push(await outcome(call), kernel.now - began);
    });
    await slow.run();
    expect(seen.slice(5)).toEqual(["!ETIMEDOUT?", 600_000]);
  });

  it("times out by the clock of its own host", async () => {
    const took: number[] = [];
    const tank = pair(async (host) => {
      const began = tank.now;
      await outcome(host.call("server:1", { ms: 60_000 }, { timeout: "10s" }));
      took.push(tank.now - began);
    });
    tank.controls.host("client").clock.drift(-80_000);
    await tank.run();
    expect(Math.floor(took[0]! / 10_000)).toBe(1_086);
  });

  it("over a connection that was reset while it was dialed fails definitely, and the next one dials again", async () => {
    const seen: unknown[] = [];
    const tank = pair(async (host) => {
      seen.push(await outcome(host.call("server:1", { ms: 0, answer: 1 })));
      seen.push(await outcome(host.call("server:1", { ms: 0, answer: 2 })));
    });
    tank.at("1ms", () => tank.controls.link("server", "client").delay("300ms"));
    tank.at("100ms", () => expect(tank.controls.link("server", "client").reset()).toBe(1));
    await tank.run();
    expect(seen).toEqual(["!ECONNRESET", 2]);
  });

  it("is definite in its failure exactly when the request was certainly not handled", async () => {
    const seen: { [how: string]: unknown } = {};
    const tank = pair(
      async (host) => {
        const call = (address: string, request: unknown): Promise<unknown> =>
          outcome(host.call(address, request as never, { timeout: "3s" }));
        seen["no such host"] = await call("nowhere:1", 0);
        seen["nobody listens"] = await call("server:9", 0);
        seen["the handler says no"] = await call("server:1", "refuse");
        seen["no reply in time"] = await call("server:1", "sleep");
        seen["reset before the reply"] = await call("server:1", "reset");
        seen["the server dies"] = await call("server:1", "die");
        tank.controls.link("client", "server").block();
        seen["no way to dial"] = await call("server:1", 0);
      },
      async (request, host) => {
        if (request === "refuse") throw new Refusal("no");
        if (request === "sleep") await host.sleep("10s");
        if (request === "reset") {
          tank.at(tank.kernel.now as never, () => tank.controls.link("client", "server").reset());
          await host.sleep("1s");
        }
        if (request === "die") host.exit(1);
      },
    );
    await tank.run();
    expect(seen).toEqual({
      "no such host": "!ENOTFOUND",
      "nobody listens": "!ECONNREFUSED",
      "the handler says no": "!EREMOTE?",
      "no reply in time": "!ETIMEDOUT?",
      "reset before the reply": "!ECONNRESET?",
      "the server dies": "!ECONNRESET?",
      "no way to dial": "!ETIMEDOUT",
    });
  });

  it("whose request cannot be copied is refused with the place, and the connection lives on", async () => {
    const seen: unknown[] = [];
    const tank = pair(async (host) => {
      const bad = { ms: 0, answer: { f: () => 1 } };
      seen.push(await host.call("server:1", bad as never).catch((error: Error) => `${error.name}: ${error.message}`));
      seen.push(await host.call("server:1", { ms: 0, answer: "fine" }));
    });
    await tank.run();
    expect(seen).toEqual(["TypeError: request.answer.f is a function: ports carry JSON-like values", "fine"]);
  });
});

describe("a request handler", () => {
  it("that throws an error with a code answers with it", async () => {
    const seen: unknown[] = [];
    const tank = pair(
      async (host) => {
        const error: unknown = await host.call("server:1", 1).catch((reason: unknown) => reason);
        seen.push(error, await host.call("server:1", 2));
      },
      (request) => {
        if (request === 1) throw new Refusal("too much");
        return "still there";
      },
    );
    await tank.run();
    expect(seen[0]).toBeInstanceOf(NetError);
    expect(seen[0]).toMatchObject({ code: "EREMOTE", remoteCode: "EQUOTA", address: "server:1" });
    expect((seen[0] as Error).message).toBe("the other side answered with an error: server:1 (EQUOTA)");
    expect(seen[1]).toBe("still there");
    expect(tank.of("process.exited")).toEqual([]);
  });

  for (const [what, fault] of [
    ["throws any other error", () => Promise.reject(new RangeError("a bug"))],
    ["returns what cannot be copied", () => new Map()],
  ] as const) {
    it(`that ${what} ends its process, as a bug does`, async () => {
      const seen: unknown[] = [];
      const tank = pair(
        async (host) => {
          seen.push(await outcome(host.call("server:1", 1)));
          await host.sleep("1s");
          seen.push(await outcome(host.call("server:1", 2)));
        },
        (request) => (request === 1 ? fault() : "restarted"),
        ["RangeError", "TypeError"],
      );
      await tank.run();
      expect(seen).toEqual(["!ECONNRESET?", "restarted"]);
      expect(tank.of("process.exited")).toEqual([
        expect.objectContaining({
          process: "server#1",
          exit: "panic",
          reason: expect.stringMatching(/^(Range|Type)Error$/),
        }),
      ]);
    });
  }

  it("whose caller has gone may end in peace", async () => {
    const tank = pair(async (host) => {
      await outcome(host.call("server:1", { ms: 2_000, answer: 1 }, { timeout: "1s" }));
      await host.sleep("5s");
    });
    await tank.run();
    expect(tank.of("process.exited")).toEqual([]);
  });

  it("is not found behind a port out of range, which is refused with the address", async () => {
    const tank = new Tank();
    const seen: string[] = [];
    tank.start("server", async (host) => {
      for (const port of [0, 65_536, 1.5, Number.NaN, -1]) {
        try {
          await host.listen(port, () => 1);
        } catch (error) {
          seen.push((error as Error).message);
        }
      }
      await host.listen(65_535, () => 1);
    });
    await tank.run();
    expect(seen).toHaveLength(5);
    expect(seen[1]).toBe('"server:65536" is no address: write host:port, the port from 1 to 65535');
  });
});
