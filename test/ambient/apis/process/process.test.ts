import { hostname } from "node:os";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installAmbient, uninstallAmbient } from "../../../../src/ambient/install.ts";
import { virtually } from "../../virtual.ts";

beforeAll(installAmbient);
afterAll(uninstallAmbient);

describe("console of a virtual process", () => {
  it("formats without colours, by level, with groups, counts and timers of its own", async () => {
    const { process } = await virtually((owner) => {
      console.log("%s is %d", "a", 1, { deep: [new Date(0)] });
      console.debug("d");
      console.info("i");
      console.warn("w");
      console.error(["e"]);
      console.group("g");
      console.log("in\nside");
      console.groupEnd();
      console.count();
      console.count();
      console.assert(owner.micros < 0, "wrong");
      console.time("t");
      owner.micros += 1_500;
      console.timeLog("t", "more");
      console.timeEnd("t");
      console.timeEnd("t");
      console.dir({ a: 1 });
      console.clear();
    });
    expect(process.lines).toEqual([
      "log: a is 1 { deep: [ 1970-01-01T00:00:00.000Z ] }",
      "debug: d",
      "info: i",
      "warn: w",
      "error: [ 'e' ]",
      "log: g",
      "log:   in\n  side",
      "log: default: 1",
      "log: default: 2",
      "warn: Assertion failed: wrong",
      "log: t: 1.5ms more",
      "log: t: 1.5ms",
      "warn: Timer 't' does not exist",
      "log: { a: 1 }",
    ]);
  });

  it("also takes what is written to the standard streams, which are no terminal", async () => {
    const { stdout } = process;
    const { process: owner, result } = await virtually(() => {
      stdout.write("captured\n");
      process.stdout.write("own");
      process.stderr.write(Buffer.from("bytes\n"));
      return [process.stdout.isTTY, process.stdout.columns, process.stdout === process.stdout];
    });
    expect(owner.lines).toEqual(["log: captured", "log: own", "error: bytes"]);
    expect(result).toEqual([undefined, undefined, true]);
  });
});

describe("a virtual process", () => {
  it("sees fixed facts and an environment of its own", async () => {
    const { result } = await virtually(() => {
      process.env["MINE"] = "1";
      return [
        process.pid,
        process.ppid,
        { ...process.env },
        process.argv,
        process.cpuUsage(),
        process.memoryUsage.rss(),
      ];
    });
    expect(result).toEqual([1, 0, { TZ: "UTC", MINE: "1" }, ["node", "program"], { user: 0, system: 0 }, 67_108_864]);
    expect(process.env["MINE"]).toBeUndefined();
  });

  it("knows its host by name", async () => {
    const { result } = await virtually(() => [hostname(), `${hostname as unknown as string}`]);
    expect(result).toEqual(["alpha", "alpha"]);
  });

  it("exits alone", async () => {
    await expect(virtually(() => process.exit(7))).rejects.toThrow("exit 7");
    await expect(virtually(() => process.exit())).rejects.toThrow("exit 0");
  });

  it("leaves no listener on the real process", async () => {
    const before = process.listenerCount("SIGTERM");
    const { result } = await virtually(() => process.on("SIGTERM", () => undefined) === process);
    expect(result).toBe(true);
    expect(process.listenerCount("SIGTERM")).toBe(before);
  });

  it("may not assign to members of the real process", async () => {
    const environment = process.env;
    await expect(virtually(() => (process.env = {}))).rejects.toThrow(/assigning to env/);
    expect(process.env).toBe(environment);
  });

  it("prints no warnings, which Node shows once a thread", async () => {
    const { process: owner } = await virtually(() => process.emitWarning("old"));
    expect([owner.lines, owner.ticks]).toEqual([[], []]);
  });
});
