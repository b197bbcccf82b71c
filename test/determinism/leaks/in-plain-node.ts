/**
 * The corpus without a test runner: prints, as JSON, what was not caught as it should be. `--worker` does the same in a
 * worker thread.
 */
import { isMainThread, parentPort, Worker } from "node:worker_threads";
import { installAmbient } from "../../../src/ambient/install.ts";
import { catchLeak, expectedPlace } from "./catch-leak.ts";

interface Outcome {
  readonly checked: number;
  readonly wrong: readonly unknown[];
}

if (isMainThread && process.argv.includes("--worker")) {
  const load = `import("tsx/esm/api").then(({ register }) => (register(), import(${JSON.stringify(import.meta.url)})))`;
  const worker = new Worker(load, { eval: true });
  worker.once("message", (outcome: Outcome) => console.log(JSON.stringify(outcome)));
} else {
  const outcome = await check();
  if (isMainThread) console.log(JSON.stringify(outcome));
  else parentPort!.postMessage(outcome);
}

async function check(): Promise<Outcome> {
  installAmbient();
  const { corpus } = await import("./corpus.ts");
  const wrong: unknown[] = [];
  let checked = 0;
  for (const group of corpus) {
    for (const leak of group.leaks) {
      for (const mode of group.refusedIn === "both" ? (["ports", "virtual"] as const) : (["ports"] as const)) {
        const caught = await catchLeak(leak, mode);
        const place = expectedPlace(group, leak);
        checked++;
        if (caught.apis[0] !== leak.api || caught.places[0] !== place || !caught.isThrown) {
          wrong.push({ id: leak.id, mode, expected: { api: leak.api, place }, caught });
        }
      }
    }
  }
  return { checked, wrong };
}
