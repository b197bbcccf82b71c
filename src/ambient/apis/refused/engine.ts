/** The JavaScript engine itself: heap and profiles, new realms (whose globals nobody guards), debugger, WASM compiler. */
import { defineAmbient, type Members } from "../../definition.ts";

const askNothing = "the engine's own state is none of the run's";
const askSync =
  "it compiles on other threads; use new WebAssembly.Module() and new WebAssembly.Instance(), or load it before the run";
const heap = [
  ..."cachedDataVersionTag getCppHeapStatistics getHeapCodeStatistics getHeapSnapshot getHeapSpaceStatistics".split(
    " ",
  ),
  ..."getHeapStatistics queryObjects setFlagsFromString setHeapProfileNearHeapLimit setHeapSnapshotNearHeapLimit".split(
    " ",
  ),
  ..."startCpuProfile startHeapProfile stopCoverage takeCoverage writeHeapSnapshot GCProfiler".split(" "),
];
const compilers = ["compile", "instantiate", "compileStreaming", "instantiateStreaming"];

export const engine = defineAmbient({
  family: "engine",
  doc: "Heap statistics, new realms, the debugger and asynchronous WebAssembly are refused.",
  install(patch) {
    patch.refuse(patch.builtin("v8"), heap, "v8", askNothing);
    const realms = ["createContext", "measureMemory", "runInContext", "runInNewContext"];
    patch.refuse(patch.builtin("vm"), realms, "vm", "globals of another realm are not guarded; use this one");
    const script = patch.builtin("vm")?.["Script"].prototype as object | undefined;
    patch.refuse(script, ["runInContext", "runInNewContext"], "vm.Script", "globals of another realm are not guarded");
    const debuggers = ["open", "close", "url", "waitForDebugger", "Session"];
    patch.refuse(patch.builtin("inspector"), debuggers, "inspector", askNothing);
    patch.refuse(patch.builtin("inspector/promises"), debuggers, "inspector", askNothing);
    patch.refuse((globalThis as Members)["WebAssembly"] as object, compilers, "WebAssembly", askSync);
    patch.refuse(globalThis, ["gc"], "", askNothing);
  },
});
