/** The mesh alone: virtual time from the last fault to a formed mesh, against the bound, and the cost of simulating it. */
import type { Benchmark } from "../benchmark.ts";

const seeds = 250;

/** One benchmark for each number of processes. */
export const meshForming: readonly Benchmark[] = [2, 4, 8, 16].map((processes) => ({
  name: `mesh.forming-${processes}`,
  unit: "s",
  doc: `Virtual time from the last fault to a formed mesh of ${processes}: median over ${seeds} seeds.`,
  besides: [
    { name: `mesh.p99-${processes}`, unit: "s", doc: "The same, what 99 of 100 keep to." },
    { name: `mesh.longest-${processes}`, unit: "s", doc: "The same, the longest." },
    { name: `mesh.bound-${processes}`, unit: "s", doc: "What the argument for convergence allows." },
    { name: `mesh.events-${processes}`, unit: "events/s", doc: "Events per virtual second: equal on every machine." },
    { name: `mesh.cost-${processes}`, unit: "µs/s", doc: "CPU time per virtual second, under faults." },
  ],
  run: async () => {
    // Not loaded with the registry: other benchmarks are measured in a thread that knows nothing of the engine.
    const { formingFigures } = await import("./figures.ts");
    const { median, p99, longest, bound, events, cost } = await formingFigures(processes, seeds);
    return [...[median, p99, longest, bound].map(seconds), events, cost];
  },
}));

function seconds(micros: number): number {
  return Math.round(micros / 10_000) / 100;
}
