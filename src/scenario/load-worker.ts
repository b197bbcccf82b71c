/** Entry of a worker thread: the loop of `runner/worker.ts` with the loading of scenario files. Started by the pool. */
import { serve } from "../runner/worker.ts";
import { loadScenarioFile, loadScenarios } from "./load.ts";

serve({ loadFile: loadScenarioFile, loadAll: loadScenarios });
