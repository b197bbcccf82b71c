/** Entry of a worker thread, started by the pool: `runner/pool/worker.ts` with the loading of scenario files. */
import { serve } from "../runner/pool/worker.ts";
import { loadScenarioFile, loadScenarios } from "./load.ts";

serve({ loadFile: loadScenarioFile, loadAll: loadScenarios });
