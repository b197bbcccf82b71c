/**
 * Benchmarks: a number or a few of one piece of work, measured on the spot. They are listed in `registry.ts`. Each is
 * measured in a thread of its own: what one leaves behind (a heap that has grown, code compiled for the shapes that it
 * saw) would be part of what the next one measures.
 */
import { Worker } from "node:worker_threads";

/** What a number says. */
export interface Quantity {
  /** `area.measure`: `kernel.messages`. */
  readonly name: string;
  /** Of the value: `msg/s`, `MB`. */
  readonly unit: string;
  readonly doc: string;
}

/** A quantity and how it is measured. */
export interface Benchmark extends Quantity {
  /** Quantities that the same work yields: `run` returns the values of these after its own. */
  readonly besides?: readonly Quantity[];
  /** Measures once. */
  readonly run: () => number | Promise<number | readonly number[]>;
}

/** A quantity with its value on this machine. */
export interface Measurement extends Quantity {
  readonly value: number;
}

/** Runs benchmarks of the registry one after the other, in their order; `onMeasured` hears of each at once. */
export async function runBenchmarks(
  benchmarks: readonly Benchmark[],
  onMeasured: (measurement: Measurement) => void = () => undefined,
): Promise<readonly Measurement[]> {
  const measurements: Measurement[] = [];
  for (const benchmark of benchmarks) {
    for (const measurement of measurementsOf(benchmark, await measureApart(benchmark.name))) {
      measurements.push(measurement);
      onMeasured(measurement);
    }
  }
  return measurements;
}

/** The values that `run` returned, under their names. Throws when it returned more or fewer than there are. */
export function measurementsOf(benchmark: Benchmark, measured: number | readonly number[]): readonly Measurement[] {
  const { name, unit, doc, besides = [] } = benchmark;
  const quantities = [{ name, unit, doc }, ...besides];
  const values = [measured].flat();
  if (values.length !== quantities.length) {
    throw new Error(`benchmark ${name} has ${quantities.length} quantities and measured ${values.length}`);
  }
  return quantities.map((quantity, index) => ({
    name: quantity.name,
    value: values[index]!,
    unit: quantity.unit,
    doc: quantity.doc,
  }));
}

/** What one benchmark returned, measured in a fresh thread. */
function measureApart(name: string): Promise<number | readonly number[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./bench-worker.js", import.meta.url), { workerData: name });
    worker.on("message", resolve);
    worker.on("error", reject);
    worker.on("exit", (code) => reject(new Error(`benchmark ${name} ended with code ${code} and no value`)));
  });
}
