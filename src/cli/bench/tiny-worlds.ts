/**
 * Tiny worlds: 5 processes that await messages of each other, 5 % of them lost and asked for again after 50 ms. Twice:
 * with 20 messages for each process, and with 20 in all, where most of the time goes into making the world.
 */
import { mix } from "../../base/hash.ts";
import { RandomOracle, site } from "../../kernel/choices.ts";
import { inMacrotask, runSync } from "../../kernel/drain.ts";
import { Kernel } from "../../kernel/kernel.ts";
import { performanceNow } from "../../ambient/real.ts";
import type { Benchmark } from "./benchmark.ts";
import { Mailbox } from "./mailbox.ts";
import { median } from "./median.ts";

export const kernelTinyWorlds: Benchmark = {
  name: "kernel.tiny-worlds",
  unit: "worlds/s",
  doc: "Worlds of 5 processes with 20 awaited messages each, 5 % of them lost.",
  run: () => median(5, () => tinyWorldsPerSecond(20_000, 20)),
};

export const kernelTinyWorlds20: Benchmark = {
  name: "kernel.tiny-worlds-20",
  unit: "worlds/s",
  doc: "Worlds of 5 processes with 20 awaited messages in all, 5 % of them lost.",
  run: () => median(5, () => tinyWorldsPerSecond(40_000, 4)),
};

const lossSite = site("bench.loss");
const processes = 5;

/** Worlds per second of real time, each built, run and hashed. */
async function tinyWorldsPerSecond(worlds: number, messagesPerProcess: number): Promise<number> {
  const started = performanceNow();
  await inMacrotask(() => {
    for (let world = 0; world < worlds; world++) runTinyWorld(`tiny-${world}`, messagesPerProcess);
  });
  return Math.round((worlds * 1_000) / (performanceNow() - started));
}

/**
 * One world: every process asks its neighbour, awaits the answer, and answers the other neighbour; so half of the messages
 * that it sends and awaits are requests.
 */
function runTinyWorld(seed: string, messagesPerProcess: number): string {
  const requestsPerProcess = messagesPerProcess / 2;
  const oracle = new RandomOracle(seed);
  const kernel = new Kernel({ seed, oracle });
  const kind = kernel.trace.intern("message");
  const asking = Array.from({ length: processes }, (_, index) => new Mailbox(kernel, oracle, `p${index}`, kind));
  const answering = asking.map((box) => box.sibling());
  let answered = 0;
  const isLost = (process: number, attempt: number): boolean =>
    oracle.choose(lossSite, mix(process, attempt), 20) === 0;
  for (const [index, box] of asking.entries()) {
    const neighbour = (index + 1) % processes;
    box.run(async () => {
      for (let done = 0, attempt = 0; done < requestsPerProcess; attempt++) {
        if (!isLost(index, attempt)) box.send(answering[neighbour]!, attempt);
        if ((await box.receiveWithin(50_000)) !== undefined) done++;
      }
      answered += requestsPerProcess;
    });
    const server = answering[index]!;
    server.run(async () => {
      const asker = (index + processes - 1) % processes;
      for (let attempt = 0; ; attempt++) {
        await server.receive();
        if (!isLost(index + processes, attempt)) server.send(asking[asker]!, attempt);
      }
    });
  }
  runSync(kernel, Infinity, () => false);
  if (answered !== processes * requestsPerProcess) throw new Error(`${answered} requests were answered`);
  return kernel.trace.hash;
}
