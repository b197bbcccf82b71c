/** `wavetank bench`: measures Wavetank itself on this machine. */
import { defineCommand, onOff } from "../command.ts";

export const benchCommand = defineCommand({
  name: "bench",
  args: "",
  doc: "Measure the speed of Wavetank on this machine.",
  flags: { json: onOff("--json", "print one JSON document") },
  examples: ["bench", "bench --json"],
  run: async (terminal, _args, flags) => {
    const [{ runBenchmarks }, { benchmarks }] = await Promise.all([
      import("../bench/benchmark.ts"),
      import("../bench/registry.ts"),
    ]);
    if (flags.json === true) {
      const { benchDocument, documentText } = await import("../../report/document-of.ts");
      terminal.out.text(documentText(benchDocument([...(await runBenchmarks(benchmarks))])));
      return 0;
    }
    const { grouped } = await import("../../report/text/quantity.ts");
    const { paint } = terminal.out.style;
    const nameWidth = benchmarks.reduce((widest, { name }) => Math.max(widest, name.length), 0);
    await runBenchmarks(benchmarks, ({ name, value, unit, doc }) => {
      const number = value < 100 && !Number.isInteger(value) ? value.toFixed(2) : grouped(Math.round(value));
      terminal.out.lines([`${name.padEnd(nameWidth)}  ${number.padStart(12)} ${unit.padEnd(10)}  ${paint.faint(doc)}`]);
    });
    return 0;
  },
});
