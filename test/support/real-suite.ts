/** Suites over the scenarios beside this file, in the real worker threads of the built package. */
import { fileURLToPath } from "node:url";
import { findScenarioFiles } from "../../src/scenario/load.ts";
import type { SuiteResult } from "../../src/runner/finding/finding.ts";
import { runSuite } from "../../src/runner/suite/suite.ts";
import type { SuiteOptions } from "../../src/runner/suite/options.ts";

/** Entry of the built worker. */
export const worker: URL = new URL("../../dist/scenario/load-worker.js", import.meta.url);

/** Options for the scenarios in one folder of `test/support/scenarios`. */
export async function suiteOptions(
  folder: string,
): Promise<Pick<SuiteOptions, "source" | "worker" | "seeds" | "from">> {
  const directory = fileURLToPath(new URL(`./scenarios/${folder}`, import.meta.url));
  return { source: await findScenarioFiles(directory, ["*.ts"]), worker, seeds: 20, from: "1234" };
}

/** Runs the scenarios of a folder. */
export async function runFolder(folder: string, changes: Partial<SuiteOptions> = {}): Promise<SuiteResult> {
  return runSuite({ ...(await suiteOptions(folder)), ...changes });
}

/** What of a result must not depend on time or on the number of workers. */
export function timeless(result: SuiteResult): object {
  const scenarios = result.scenarios.map((scenario) => ({ ...scenario, cpuMicros: 0 }));
  return { ...result, wallMicros: 0, jobs: 0, scenarios };
}
