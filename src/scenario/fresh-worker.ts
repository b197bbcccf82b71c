/** Entry of the thread in which a failing seed of `simulate` is run again: a worker of the pool that knows one call. */
import { serve } from "../runner/pool/worker.ts";
import { loadCall } from "./fresh-load.ts";

serve({ loadFile: loadCall, loadAll: () => Promise.resolve([]) });
