/**
 * The loop of a worker thread: takes one task at a time, does it, answers. The ambient APIs are patched before anything of
 * the user is loaded, so that functions which their modules capture are the patched ones.
 * Scenario files are loaded when first needed and kept: their modules live as long as the thread, which is why a failing
 * seed gets a thread of its own before it is reported.
 */
import { parentPort, workerData } from "node:worker_threads";
import type { SimDefinition } from "../definition.ts";
import type { Note, ScenarioUse, Task, WorkerMessage } from "./messages.ts";
import type { ScenarioSource } from "./scenario-source.ts";
import { installAmbient } from "../../ambient/install.ts";
import { steered } from "./suite-steering.ts";
import { Slot } from "./watchdog.ts";
import { perform, type Desk } from "./worker-tasks.ts";

/** How scenarios are loaded; the runner knows no files. */
export interface Loader {
  readonly loadFile: (file: string) => Promise<readonly SimDefinition[]>;
  readonly loadAll: (source: ScenarioSource, onFile: (index: number) => void) => Promise<readonly SimDefinition[]>;
}

/** Serves tasks of the thread that started this one, until it is terminated. */
export function serve(loader: Loader): void {
  if (parentPort === null) throw new Error("a worker's entry was run in the main thread");
  const port = parentPort;
  const slot = new Slot((workerData as { readonly slot: SharedArrayBuffer }).slot);
  installAmbient();
  const files = new Map<string, Promise<readonly SimDefinition[]>>();
  const desk: Desk = {
    loadAll: loader.loadAll,
    async definition(use: ScenarioUse) {
      const loading = files.get(use.file) ?? loader.loadFile(use.file);
      files.set(use.file, loading);
      const found = (await loading).find((candidate) => candidate.name === use.name);
      if (found === undefined) throw new Error(`${use.file} no longer defines scenario "${use.name}"`);
      return steered(found, use.steering);
    },
    beat: (step) => slot.beat(step),
    note: (note: Note) => post({ kind: "note", note }),
  };
  const post = (message: WorkerMessage): void => port.postMessage(message);
  port.on("message", (task: Task) => {
    perform(task, desk).then(
      ({ value, isSpent }) => post({ kind: "done", value, isSpent }),
      (error: unknown) => post(messageOf(error)),
    );
  });
}

function messageOf(error: unknown): WorkerMessage {
  if (!(error instanceof Error)) return { kind: "failed", message: `threw ${String(error)}` };
  if (error.name === "UsageError") return { kind: "usage", message: error.message };
  return { kind: "failed", message: error.stack ?? `${error.name}: ${error.message}` };
}
