/** The whole tank: seeds of a small scenario through the pool, with one worker and with two. */
import { fileURLToPath } from "node:url";
import { performanceNow } from "../../ambient/real.ts";
import { runSuite } from "../../runner/suite/suite.ts";
import { workerEntry } from "../../scenario/load.ts";
import type { Benchmark } from "./benchmark.ts";
import { median } from "./median.ts";

const file = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "bench-scenario.ts" : "bench-scenario.js", import.meta.url),
);
const directory = fileURLToPath(new URL(".", import.meta.url));

export const tankSpeed: Benchmark = {
  name: "tank.virtual-time",
  unit: "s/s",
  doc: "Virtual seconds per CPU second, three servers with disks and faults.",
  run: async () => {
    const { virtual, cpu } = await suite(1, 500);
    return Math.round(virtual / cpu);
  },
};

/** What a suite of few seeds takes is start-up: the loading of modules and the warming up of their code. */
const seeds = { few: 1_000, many: 5_000 };

export const tankWorkers: Benchmark = {
  name: "tank.two-workers",
  unit: "×",
  doc: "Seeds per second with two workers, against one, start-up left out.",
  run: async () => {
    const wallOf = async (jobs: number): Promise<number> =>
      -(await suite(jobs, seeds.few)).wall + (await suite(jobs, seeds.many)).wall;
    const one = await median(3, () => wallOf(1));
    return Math.round((one / (await median(3, () => wallOf(2)))) * 100) / 100;
  },
};

/** Runs seeds of the scenario; times in microseconds of virtual, CPU and real time. */
async function suite(
  jobs: number,
  seeds: number,
): Promise<{ readonly virtual: number; readonly cpu: number; readonly wall: number }> {
  const source = { directory, patterns: [file], isDefault: false, files: [file] };
  const started = performanceNow();
  const { scenarios, findings } = await runSuite({ source, worker: workerEntry, seeds, from: "0000000000000", jobs });
  if (findings.length > 0) throw new Error(`the benchmark's own scenario fails: ${findings[0]!.signature}`);
  const wall = (performanceNow() - started) * 1_000;
  return { virtual: scenarios[0]!.virtualMicros, cpu: scenarios[0]!.cpuMicros, wall };
}
