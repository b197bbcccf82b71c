/**
 * Works out hashes with the built package, in whatever Node it is started with, and prints one JSON document. The one
 * argument says what, as JSON: `{"kind": "hashes", "names", "seeds", "drain"?, "thread"?}` generates and executes plans, with
 * `thread` in a fresh worker thread; `{"kind": "suite", "names", "seeds", "from", "jobs"}` runs a suite over worker threads.
 * A plain JavaScript file: not every supported Node takes TypeScript.
 */
import { fileURLToPath } from "node:url";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { hashText, hex64 } from "../../dist/base/hash.js";
import { canonicalJson } from "../../dist/base/json.js";
import { hasTickDrain } from "../../dist/kernel/drain.js";
import { execute } from "../../dist/runner/run/execute.js";
import { generatePlan } from "../../dist/runner/plan/generate.js";
import { runSuite } from "../../dist/runner/suite/suite.js";
import { findScenarioFiles, loadScenarios, workerEntry } from "../../dist/scenario/load.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const patterns = ["test/determinism/golden-hashes-world.ts", "scenarios/**/*.ts"];

/** Files that define no scenario are passed over, as those of a project's own folder are. */
const source = { ...(await findScenarioFiles(root, patterns)), isDefault: true };

async function hashes({ names, seeds, drain }) {
  const found = {};
  for (const definition of await loadScenarios(source)) {
    if (!names.includes(definition.name)) continue;
    found[definition.name] = {};
    for (const seed of seeds) {
      const plan = generatePlan(definition, seed);
      const text = canonicalJson(plan);
      const { hash } = await execute(definition, plan, drain === undefined ? {} : { drain });
      found[definition.name][seed] = { plan: hex64(hashText(text), hashText(text, 1)), run: hash };
    }
  }
  return found;
}

async function suite({ names, seeds, from, jobs }) {
  const result = await runSuite({ source, worker: workerEntry, names, seeds, from, jobs });
  const { hash, verdict, seeds: seedsDone, harnessErrors, findings } = result;
  return { hash, verdict, seeds: seedsDone, harnessErrors, findings: findings.map(({ signature }) => signature) };
}

function inThread(task) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: { ...task, thread: false } });
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}

async function answer(task) {
  if (task.thread === true) return inThread(task);
  const value = task.kind === "suite" ? await suite(task) : await hashes(task);
  return { node: process.versions.node, hasTickDrain, isMainThread, value };
}

if (isMainThread) process.stdout.write(JSON.stringify(await answer(JSON.parse(process.argv[2]))));
else parentPort.postMessage(await answer(workerData));
