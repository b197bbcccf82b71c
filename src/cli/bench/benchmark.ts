/** Benchmarks: one number each, measured on the spot. What they measure is listed in `registry.ts`. */

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

/** Runs benchmarks one after the other, in their order; `onMeasured` hears of each at once. */
export async function runBenchmarks(
  benchmarks: readonly Benchmark[],
  onMeasured: (measurement: Measurement) => void = () => undefined,
): Promise<readonly Measurement[]> {
  const measurements: Measurement[] = [];
  for (const { name, unit, doc, run } of benchmarks) {
    const measurement = { name, value: await run(), unit, doc };
    measurements.push(measurement);
    onMeasured(measurement);
  }
  return measurements;
}
