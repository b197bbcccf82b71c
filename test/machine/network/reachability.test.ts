import { describe, expect, it } from "vitest";
import { outcome, Tank } from "../tank.ts";

describe("a host that is not there", () => {
  it("is ENOTFOUND when nobody knows it, and ECONNREFUSED when it listens on no such port; both are definite", async () => {
    const tank = new Tank();
    const seen: unknown[] = [];
    tank.start("server", (host) => host.listen(1, () => "ok"));
    tank.start("client", async (host) => {
      await host.sleep("10ms");
      for (const address of ["nowhere:1", "server:2"]) {
        seen.push(await outcome(host.connect(address)), await outcome(host.call(address, 1)));
      }
      for (const address of ["server", "server:0", ":1", "server:65536", "server:x"]) {
        seen.push(await host.call(address, 1).catch((error: Error) => `${error.name} ${error.message}`));
      }
    });
    await tank.run();
    expect(seen.slice(0, 4)).toEqual(["!ENOTFOUND", "!ENOTFOUND", "!ECONNREFUSED", "!ECONNREFUSED"]);
    expect(seen[4]).toBe('TypeError "server" is no address: write host:port, the port from 1 to 65535');
    expect(seen.slice(5)).toEqual(Array(4).fill(expect.stringMatching(/^TypeError ".*" is no address/)));
    expect(tank.of("net.refused")).toEqual([]);
  });

  it("refuses while it is told to, established connections aside", async () => {
    const tank = new Tank();
    const seen: unknown[] = [];
    const heals: (() => void)[] = [];
    tank.at("1s", () => heals.push(tank.controls.host("server").refuse()));
    tank.at("3s", () => (heals[0]!(), heals[0]!()));
    tank.start("server", (host) => host.listen(1, () => "ok"));
    tank.start("client", async (host) => {
      await host.sleep("10ms");
      const early = await host.connect("server:1");
      await host.sleep("2s");
      seen.push(await outcome(host.connect("server:1")), await outcome(host.call("server:1", 1)));
      early.send({ id: 1, request: 1 });
      seen.push(await early.receive());
      await host.sleep("2s");
      seen.push(await outcome(host.call("server:1", 1)));
    });
    await tank.run();
    expect(seen).toEqual(["!ECONNREFUSED", "!ECONNREFUSED", { re: 1, value: "ok" }, "ok"]);
    expect(tank.of("net.refused")).toEqual(Array(2).fill({ from: "client", to: "server" }));
  });

  it("accepts as a phantom: connects succeed, nothing is ever answered, and what was sent times out", async () => {
    const tank = new Tank();
    const seen: unknown[] = [];
    const handled: unknown[] = [];
    const heals: (() => void)[] = [];
    tank.at("1ms", () => heals.push(tank.controls.host("server").phantomAccept()));
    tank.at("60s", () => (heals[0]!(), heals[0]!()));
    tank.start("server", (host) => host.listen(1, (request) => handled.push(request)));
    tank.start("client", async (host) => {
      await host.sleep("10ms");
      const connection = await host.connect("server:1");
      seen.push(await outcome(host.call("server:1", "lost", { timeout: "2s" })));
      connection.send("lost too");
      seen.push(await outcome(connection.receive()));
      await host.sleep("60s");
      seen.push(await outcome(host.call("server:1", "kept")));
    });
    await tank.run();
    expect(seen).toEqual(["!ETIMEDOUT?", "!ETIMEDOUT?", 1]);
    expect(handled).toEqual(["kept"]);
    expect(tank.of("net.phantom-accepted")).toHaveLength(2);
  });
});

describe("an address in use", () => {
  it("is refused to a second listener, definitely, until the first one closes", async () => {
    const tank = new Tank();
    const seen: unknown[] = [];
    tank.start("server", async (host) => {
      const listener = await host.listen(1, () => "first");
      seen.push(await outcome(host.listen(1, () => "second")));
      await host.listen(2, () => "elsewhere");
      listener.close();
      listener.close();
      await host.listen(1, () => "third");
    });
    tank.start("client", async (host) => {
      await host.sleep("1s");
      seen.push(await host.call("server:1", 0), await host.call("server:2", 0));
    });
    await tank.run();
    expect(seen).toEqual(["!EADDRINUSE", "third", "elsewhere"]);
    expect(tank.of("net.address-in-use")).toEqual([{ host: "server" }]);
  });

  it("is what the successor of a slowly dying process finds, until that one is dead", async () => {
    const tank = new Tank();
    const seen: unknown[] = [];
    tank.start(
      "server",
      async (host) => {
        for (;;) {
          const found = await outcome(host.listen(1, () => host.process));
          seen.push(`${host.process} ${typeof found === "string" ? found : "listens"}`);
          if (typeof found !== "string") return;
          await host.sleep("1s");
        }
      },
      { restart: "always", backoff: "500ms" },
    );
    tank.at("1s", () => tank.controls.host("server").slowDeath("2s"));
    await tank.run();
    expect(seen).toEqual(["server#1 listens", "server#2 !EADDRINUSE", "server#2 !EADDRINUSE", "server#2 listens"]);
  });

  it("is what everybody finds on a host whose ports are held", async () => {
    const tank = new Tank();
    const seen: unknown[] = [];
    const heal = tank.controls.host("server").holdPorts();
    tank.at("2s", () => (heal(), heal()));
    tank.start("server", async (host) => {
      seen.push(await outcome(host.listen(1, () => 1)), await outcome(host.accept(2, () => 1)));
      await host.sleep("3s");
      seen.push(typeof (await host.listen(1, () => 1)));
    });
    await tank.run();
    expect(seen).toEqual(["!EADDRINUSE", "!EADDRINUSE", "object"]);
  });
});

it("faults of the network look at hosts that run programs, listened or dialed, in order of their first use", async () => {
  const tank = new Tank();
  tank.outsider("driver", (host) => host.sleep("1s"));
  tank.outsider("client", (host) => outcome(host.call("server:1", 1)));
  tank.start("server", (host) => host.listen(1, () => "ok"));
  await tank.run();
  expect(tank.controls.machines()).toEqual(["client", "server"]);
  expect(tank.controls.hosts()).toEqual(["server"]);
});
