/** Entry of the thread of one benchmark, started by `runBenchmarks`: measures the one that it was named, posts the value. */
import { parentPort, workerData } from "node:worker_threads";
import { benchmarks } from "./registry.ts";

const wanted = workerData as string;
const benchmark = benchmarks.find(({ name }) => name === wanted);
if (benchmark === undefined) throw new Error(`there is no benchmark "${wanted}"`);
parentPort!.postMessage(await benchmark.run());
