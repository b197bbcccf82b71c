/** Tiny worlds: 5 processes of 20 awaited messages each, 5 % of the messages lost and sent again after 50 ms. */
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
  run: () => median(5, () => tinyWorldsPerSecond(20_000)),
};

const lossSite = site("bench.loss");
const processes = 5;
/** Each is answered, so that every process sends and awaits 20 messages in all. */
const requestsPerProcess = 10;

/** Worlds per second of real time, each built, run and hashed. */
async function tinyWorldsPerSecond(worlds: number): Promise<number> {
  const started = performanceNow();
  await inMacrotask(() => {
    for (let world = 0; world < worlds; world++) runTinyWorld(`tiny-${world}`);
  });
  return Math.round((worlds * 1_000) / (performanceNow() - started));
}

/** One world: every process asks its neighbour, awaits the answer, and answers the other neighbour. */
function runTinyWorld(seed: string): string {
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
