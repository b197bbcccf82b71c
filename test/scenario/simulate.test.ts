import { describe, expect, it } from "vitest";
import { crash, defineFault, defineInvariant, partition, simulate, UsageError, type Host } from "wavetank";
import { fc, simTest } from "wavetank/vitest";
import { simulationText } from "../../src/report/text/simulation-text.ts";

const slowDisk = defineFault<{ host: string; ms: number }>({
  id: "disk.slower",
  doc: "Every write of one host takes longer.",
  witness: "disk.write-delayed",
  params: { host: fc.constantFrom("server"), ms: fc.integer({ min: 10, max: 500 }) },
  inject: (world, { host, ms }) => world.host(host).disk.delay(`${ms}ms`),
});

type Pair = { key: string; value: number };

const noLostPut = defineInvariant<Map<string, number>, { "kv.acked": Pair; "kv.read": Pair }>({
  id: "KV-1",
  doc: "An acknowledged put is readable for ever.",
  state: () => new Map(),
  on: {
    "kv.acked": (acked, { key, value }) => {
      acked.set(key, value);
    },
    "kv.read": (acked, { key, value }) =>
      acked.has(key) && value !== acked.get(key) ? { expected: acked.get(key), observed: value } : undefined,
  },
});

/** The example of the documentation: `isDurable` says whether an answer waits for the disk. */
function server(isDurable: boolean): (host: Host) => Promise<void> {
  return async (host) => {
    const data = new Map((await host.disk.read<[string, number][]>("kv")) ?? []);
    if (!isDurable) setInterval(() => void host.disk.write("kv", [...data]), 50);
    await host.listen(7000, async (request) => {
      if (request.op === "get") return data.get(request.key) ?? null;
      data.set(request.key, request.value);
      if (isDurable) await host.disk.write("kv", [...data]);
      return "ok";
    });
  };
}

const options = {
  seeds: 64,
  duration: "10s",
  invariants: [noLostPut],
  sometimes: ["put-failed"],
  ops: { put: fc.nat(9), read: fc.nat() },
  opsCount: 60,
  faults: [crash({ on: ["server"] }), partition(), slowDisk()],
} as const;

const body =
  (isDurable: boolean): Parameters<typeof simulate>[1] =>
  async ({ world, run, sometimes }) => {
    world.host("server").start(server(isDurable), { restart: "always" });
    const client = world.host("client");
    const keys: string[] = [];
    const read = async (key: string): Promise<void> =>
      world.emit("kv.read", { key, value: await client.call("server:7000", { op: "get", key }) });
    await run({
      put: async (value: number) => {
        const key = `k${keys.length}`;
        keys.push(key);
        const request = { op: "put", key, value };
        const ok = await client.call("server:7000", request, { timeout: "1s" }).catch(() => null);
        if (ok) world.emit("kv.acked", { key, value });
        else sometimes("put-failed", true);
      },
      read: async (index: number) => {
        if (keys.length > 0) await read(keys[index % keys.length]!);
      },
    });
    await world.heal({ within: "10s" });
    for (const key of keys) await read(key);
  };

simTest("an acknowledged put survives a crash", options, body(true));

describe("simulate", () => {
  it("finds, shrinks and explains a put that is answered before it is durable", async () => {
    const result = await simulate({ ...options, name: "kv", seeds: 300 }, body(false));
    expect(result.ok).toBe(false);
    const [finding] = result.findings;
    expect(finding).toMatchObject({
      signature: "KV-1",
      verdict: "violated",
      shrunk: { verified: true, minimal: true },
    });
    expect(finding!.shrunk.plan.items.length).toBeLessThanOrEqual(4);
    expect(finding!.shrunk.plan.items.map((item) => item.kind)).toContain("fault");
    const text = simulationText(result);
    expect(text).toContain("KV-1 violated: An acknowledged put is readable for ever.");
    expect(text).toContain(`pin     { from: "${finding!.seeds[0]}", seeds: 1 }`);
    const pinned = await simulate({ ...options, name: "kv", from: finding!.seeds[0]!, seeds: 1 }, body(false));
    expect(pinned.findings[0]?.signature).toBe("KV-1");
  });

  it("is the same every time, and from another seed another run", async () => {
    const once = await simulate({ ...options, name: "kv", seeds: 3 }, body(true));
    expect((await simulate({ ...options, name: "kv", seeds: 3 }, body(true))).hash).toBe(once.hash);
    expect((await simulate({ ...options, from: "7k3q9zt4mvx2c", seeds: 3 }, body(true))).hash).not.toBe(once.hash);
  });

  it("is vacuous when a fault never bites or a property is never reached", async () => {
    const result = await simulate({ seeds: 100, faults: [slowDisk()], sometimes: ["rain"] }, ({ world }) =>
      world.sleep("1s"),
    );
    expect(result).toMatchObject({ ok: false, verdict: "vacuous", inertFaults: ["disk.slower"], unreached: ["rain"] });
    expect(simulationText(result)).toContain("sometimes never reached: rain");
  });

  it("reports state that the module keeps between runs as nondeterminism", async () => {
    let runs = 0;
    const result = await simulate({ seeds: 20 }, async ({ world }) => {
      runs++;
      for (let beat = 0; beat < runs; beat++) await world.sleep("1ms");
    });
    expect(result).toMatchObject({ verdict: "diverged", findings: [{ verdict: "diverged" }] });
  });

  it("refuses options that are wrong with the name, the value and the nearest match", async () => {
    const idle: Parameters<typeof simulate>[1] = ({ world }) => world.sleep("1s");
    const cases: [object, RegExp][] = [
      [{ durations: "1s" }, /unknown option "durations"; did you mean "duration"/],
      [{ duration: "1 minute" }, /duration: "1 minute" is not a duration/],
      [{ seeds: 0 }, /seeds is 0/],
      [{ from: "ILOU" }, /ILOU/],
      [{ opsCount: { min: 5, max: 2 } }, /opsCount: \{"min":5,"max":2\}/],
      [{ faults: [crash] }, /write process\.crash as a call/],
      [{ faults: [crash(), crash()] }, /fault "process\.crash" is listed twice/],
    ];
    for (const [wrong, message] of cases) {
      const running = simulate(wrong, idle);
      await expect(running).rejects.toThrow(message);
      await expect(running).rejects.toBeInstanceOf(UsageError);
    }
  });
});
