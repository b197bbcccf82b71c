/** Ambient APIs on real kernel processes: user code as it is, twice the same, without influence on each other. */
import { createHash, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installAmbient, uninstallAmbient } from "../../src/ambient/install.ts";
import type { Kernel } from "../../src/kernel/kernel.ts";
import { watchPromises } from "../../src/kernel/promise-rule.ts";
import { inMacrotask, runWithImmediates } from "../../src/kernel/drain.ts";
import { newKernel, newProcess, runAll, startAt } from "../support/kernels.ts";

beforeAll(installAmbient);
afterAll(uninstallAmbient);

/** A server as anybody would write it: nothing in it knows of a simulation. */
async function ordinaryServer(name: string): Promise<void> {
  const started = Date.now();
  const ticker = setInterval(() => console.log(`${name} ticks at ${performance.now()}`), 40);
  for (let round = 0; round < 5; round++) {
    await sleep(Math.floor(Math.random() * 100));
    await new Promise<void>((resolve) => process.nextTick(resolve));
    await new Promise<void>((resolve) => queueMicrotask(resolve));
    const id = createHash("sha1").update(randomUUID()).digest("hex").slice(0, 8);
    console.log(`${name} ${id} after ${Date.now() - started} ms at ${new Date().toLocaleTimeString()}`);
  }
  clearInterval(ticker);
  if (name === "b") process.exit(3);
}

function world(seed: string): Kernel {
  const kernel = newKernel({ seed });
  for (const name of ["a", "b", "c"]) startAt(kernel, newProcess(kernel, name), 1, () => ordinaryServer(name));
  return kernel;
}

describe("ordinary programs in a kernel", () => {
  it("do the same twice, with either drain, and something else for another seed", async () => {
    const [first, second, immediate, other] = [world("x"), world("x"), world("x"), world("y")];
    await runAll(first);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await runAll(second);
    await inMacrotask(() => runWithImmediates(immediate, Infinity, () => false));
    await runAll(other);
    expect(first.failure).toBeNull();
    expect(first.console.length).toBeGreaterThan(15);
    expect(second.console).toEqual(first.console);
    expect(second.trace.hash).toBe(first.trace.hash);
    expect(immediate.console).toEqual(first.console);
    expect(immediate.trace.hash).toBe(first.trace.hash);
    expect(other.console).not.toEqual(first.console);
  });

  it("keep the rule on promises", async () => {
    const kernel = world("x");
    await inMacrotask(() => undefined);
    const stop = watchPromises();
    await runAll(kernel);
    stop();
    expect(kernel.failure).toBeNull();
  });

  it("exit alone, with their code", async () => {
    const kernel = newKernel();
    const [leaver, stayer] = [newProcess(kernel, "leaver"), newProcess(kernel, "stayer")];
    startAt(kernel, leaver, 0, async () => {
      await sleep(5);
      process.exit(3);
    });
    startAt(kernel, stayer, 0, async () => {
      await sleep(10);
      console.log("still here");
    });
    await runAll(kernel);
    expect(leaver.ended).toMatchObject({ kind: "exit", code: 3 });
    expect(stayer.isAlive).toBe(true);
    expect(kernel.console.map((line) => line.text)).toEqual(["still here"]);
  });

  it("end the run as nondeterminism when they reach outside", async () => {
    const kernel = newKernel();
    const server = newProcess(kernel, "server", { ambient: "ports" });
    startAt(kernel, server, 0, async () => {
      await Promise.resolve();
      return Date.now();
    });
    await runAll(kernel);
    expect(kernel.failure).toMatchObject({ rule: "nondeterminism", subject: "Date.now", process: "server#1" });
    expect(kernel.failure?.place).toMatch(/^test\/ambient\/with-kernel\.test\.ts:\d+:\d+$/);
  });

  it("have no place for a callback that the kernel calls straight", async () => {
    const kernel = newKernel();
    const server = newProcess(kernel, "server", { ambient: "ports" });
    startAt(kernel, server, 0, () => void server.setTimer(1, false, Date.now));
    await runAll(kernel);
    expect(kernel.failure).toMatchObject({ subject: "Date.now", place: "an unknown place" });
  });
});
