import { expect, it } from "vitest";
import { outcome, Tank } from "../tank.ts";

it("a reset at any moment of a connection's making leaves no dead connection behind: the next call gets through", async () => {
  const outcomes = new Set<unknown>();
  for (let micros = 10_000; micros <= 16_000; micros += 100) {
    const tank = new Tank();
    tank.start("server", (host) => host.listen(1, () => "ok"));
    const seen: unknown[] = [];
    tank.start("client", async (host) => {
      await host.sleep("10ms");
      seen.push(await outcome(host.call("server:1", null, { timeout: "1s" })));
      await host.sleep("20ms");
      seen.push(await outcome(host.call("server:1", null, { timeout: "1s" })));
    });
    tank.at(`${micros}us`, () => tank.controls.link("server", "client").reset());
    await tank.run();
    expect({ micros, last: seen[1] }).toEqual({ micros, last: "ok" });
    outcomes.add(seen[0]);
  }
  expect(outcomes.size).toBeGreaterThan(1);
});
