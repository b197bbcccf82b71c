/**
 * A scenario with a use for everything in the machine room and for the ambient APIs that are virtual, under every fault
 * there is. It tests no system: its hash does. Written against the public entry, so that the built package can run it.
 */
import { randomUUID } from "node:crypto";
import {
  addressInUse,
  clockDrift,
  clockFreeze,
  clockOffset,
  clog,
  connectionLoss,
  crash,
  defineInvariant,
  defineScenario,
  diskErrors,
  fc,
  fullDisk,
  gracefulStop,
  halfOpen,
  hostDown,
  latency,
  oneWayPartition,
  partition,
  pause,
  phantomAccept,
  powerLoss,
  refuse,
  reset,
  slowCpu,
  slowDeath,
  slowDisk,
  type Host,
} from "wavetank";

const names = ["a", "b", "c"] as const;

/** The value of a promise, or its error's code; an error without one is a bug of this file. */
async function attempt<T>(promise: Promise<T>): Promise<T | string> {
  try {
    return await promise;
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (typeof code !== "string") throw error;
    return code;
  }
}

/** Holds a connection to the next one in the ring and talks over it; makes a new one when it breaks. */
async function gossip(host: Host): Promise<void> {
  const next = names[(names.indexOf(host.name as "a") + 1) % names.length]!;
  for (;;) {
    await host.sleep("200ms");
    const connection = await attempt(host.connect(`${next}:7001`, { timeout: "800ms" }));
    if (typeof connection === "string") continue;
    for (let round = 0; ; round++) {
      if (round % 7 === 6) connection.close();
      else await attempt((async () => connection.send({ round, bytes: new Uint8Array([round]) as never }))());
      const heard = await attempt(Promise.race([connection.receive(), host.sleep("900ms").then(() => "silence")]));
      host.emit("gossip", { round, heard: heard ?? "ended" });
      if (typeof heard === "string" || heard === undefined) break;
      await new Promise((resolve) => setTimeout(resolve, 40 + Math.floor(Math.random() * 80)));
    }
    connection.close();
  }
}

/** Answers what comes over one connection. */
async function echo(host: Host, connection: Awaited<ReturnType<Host["connect"]>>): Promise<void> {
  for (;;) {
    const heard: unknown = await attempt(connection.receive());
    if (typeof heard === "string" || heard === undefined) return;
    host.cpu("30us");
    await attempt((async () => connection.send(heard as never))());
  }
}

async function put(host: Host, { key, value }: { key: string; value: number }): Promise<unknown> {
  if (host.random(60) === 0) host.exit(1, "bad luck");
  const line = `${key}=${value}@${new Date().toISOString()}\n`;
  const steps = [await attempt(host.disk.append("log", line)), await attempt(host.disk.sync("log"))];
  if (value % 3 === 0) steps.push(await attempt(host.disk.write(`key-${key}`, { value, id: randomUUID() })));
  const others = names.filter((name) => name !== host.name);
  const copies = others.map((name) => attempt(host.call(`${name}:7000`, { copy: line }, { timeout: "400ms" })));
  const first = await Promise.any(copies);
  host.emit("put", { key, value, first: String(first), steps: steps.map((step) => step ?? "ok") });
  return { first, all: (await Promise.allSettled(copies)).length };
}

async function serve(host: Host, request: { copy?: string; key?: string; value?: number }): Promise<unknown> {
  if (request.copy !== undefined) return (await attempt(host.disk.append("copies", request.copy))) ?? "copied";
  if (request.value !== undefined) return put(host, request as { key: string; value: number });
  if (request.key === "none") throw Object.assign(new Error("no such key"), { code: "ENOKEY" });
  return { text: (await attempt(host.disk.readText("log"))).slice(-80), files: await attempt(host.disk.list()) };
}

async function replica(host: Host): Promise<void> {
  const began = performance.now();
  host.onStop(async () => {
    await attempt(host.disk.write("stopped", host.clock.wall()));
    host.exit(0);
  });
  const found = await attempt(host.disk.readText("log"));
  // oxlint-disable-next-line no-console -- code under test may print; a line enters the hash
  console.log(`${host.process} starts with ${found.length} characters`);
  if (found.length > 3_000) await attempt(host.disk.truncate("log", 1_000));
  setInterval(() => {
    queueMicrotask(() => host.emit("beat", { wall: host.clock.wall(), date: Date.now(), luck: Math.random() }));
    process.nextTick(() => host.cpu("20us"));
  }, 250);
  const up = { monotonic: host.clock.monotonic(), after: Math.floor((performance.now() - began) * 1_000) };
  host.emit("up", { files: await attempt(host.disk.list()), ...up });
  for (const [port, bind] of [
    [7_000, () => host.listen(7_000, (request) => serve(host, request))],
    [7_001, () => host.accept(7_001, (connection) => echo(host, connection))],
  ] as const) {
    while (typeof (await attempt<unknown>(bind())) === "string") {
      // oxlint-disable-next-line no-console -- see above
      console.warn("port is taken", port);
      await host.sleep("150ms");
    }
  }
  void gossip(host);
}

const onward = defineInvariant<Map<string, number>, { beat: { wall: number } }>({
  id: "ROOM-1",
  doc: "Every beat is a whole microsecond.",
  state: () => new Map(),
  on: {
    beat: (counts, { wall }, { process }) => {
      counts.set(process, (counts.get(process) ?? 0) + 1);
      return Number.isSafeInteger(wall) ? undefined : { subject: process, observed: wall };
    },
  },
});

const address = fc.constantFrom(...names).map((name) => `${name}:7000`);

export const machineRoom = defineScenario({
  name: "machine-room",
  doc: "All of the machine room at work under all of its faults.",
  duration: "20s",
  ops: {
    put: fc.record({ address, key: fc.constantFrom("x", "y", "z"), value: fc.nat(99) }),
    get: fc.record({ address, key: fc.constantFrom("x", "none") }),
    rest: fc.integer({ min: 1, max: 400 }),
  },
  opsCount: { min: 20, max: 50 },
  sessions: 3,
  knobs: { backoff: fc.integer({ min: 50, max: 800 }) },
  faults: [
    crash(),
    powerLoss(),
    pause(),
    slowDeath(),
    gracefulStop(),
    slowCpu(),
    partition(),
    oneWayPartition(),
    latency(),
    connectionLoss(),
    clog(),
    reset(),
    halfOpen(),
    phantomAccept(),
    refuse(),
    addressInUse(),
    clockOffset(),
    clockDrift(),
    clockFreeze(),
    slowDisk(),
    fullDisk(),
    diskErrors(),
    hostDown(),
  ],
  faultsCount: { min: 0, max: 40 },
  invariants: [onward],
  sometimes: ["put"],
  body: async ({ world, run, knobs }) => {
    for (const name of names) {
      world.host(name).start(replica, { restart: "always", backoff: `${knobs["backoff"] as number}ms` });
    }
    const client = world.host("client");
    await run({
      put: ({ address, key, value }) => client.call(address, { key, value }, { timeout: "2s" }),
      get: ({ address, key }) => client.call(address, { key }, { timeout: "2s" }),
      rest: (millis: number) => world.sleep(`${millis}ms`),
    });
    await world.heal({ within: "60s" });
    for (const name of names) {
      await world.until(async () => typeof (await attempt(client.call(`${name}:7000`, { key: "x" }))) === "object");
    }
  },
});
