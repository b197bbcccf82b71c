/**
 * Benchmarks: one number each, measured on the spot. What they measure is listed in `registry.ts`. Each is measured in a
 * thread of its own: what one leaves behind (a heap that has grown, code compiled for the shapes that it saw) would be
 * part of what the next one measures.
 */
import { Worker } from "node:worker_threads";

export interface Benchmark {
  /** `area.measure`: `kernel.messages`. */
  readonly name: string;
  /** Of the value: `msg/s`, `MB`. */
  readonly unit: string;
  readonly doc: string;
  /** Measures once. */
  readonly run: () => number | Promise<number>;
}

export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly doc: string;
}

/** Runs benchmarks of the registry one after the other, in their order; `onMeasured` hears of each at once. */
export async function runBenchmarks(
  benchmarks: readonly Benchmark[],
  onMeasured: (measurement: Measurement) => void = () => undefined,
): Promise<readonly Measurement[]> {
  const measurements: Measurement[] = [];
  for (const { name, unit, doc } of benchmarks) {
    const measurement = { name, value: await measureApart(name), unit, doc };
    measurements.push(measurement);
    onMeasured(measurement);
  }
  return measurements;
}

/** The value of one benchmark, measured in a fresh thread. */
function measureApart(name: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./bench-worker.js", import.meta.url), { workerData: name });
    worker.on("message", resolve);
    worker.on("error", reject);
    worker.on("exit", (code) => reject(new Error(`benchmark ${name} ended with code ${code} and no value`)));
  });
}
