/**
 * `console`: every process has one of its own (groups, counts, timers), whose lines become its captured output. Texts
 * are formatted by Node's `Console`, without colours. Nothing reaches a terminal.
 */
import type { AmbientProcess } from "../../../ports/ambient.ts";
import { Console } from "node:console";
import { current } from "../../../kernel/current.ts";
import { defineAmbient, type Members } from "../../definition.ts";
import { processLocal } from "../../process-local.ts";

type Level = Parameters<AmbientProcess["print"]>[0];

const levels: Readonly<Record<string, Level>> = {
  assert: "warn",
  clear: "log",
  count: "log",
  countReset: "warn",
  debug: "debug",
  dir: "log",
  dirxml: "log",
  error: "error",
  group: "log",
  groupCollapsed: "log",
  groupEnd: "log",
  info: "info",
  log: "log",
  table: "log",
  time: "warn",
  timeEnd: "log",
  timeLog: "log",
  timeStamp: "log",
  trace: "error",
  warn: "warn",
};

export const consoleOutput = defineAmbient({
  family: "console",
  doc: "console writes to the run's captured output.",
  install(patch) {
    const targets = new Set<object | undefined>([globalThis.console, patch.builtin("console")]);
    for (const target of targets) {
      for (const [key, level] of Object.entries(levels)) {
        patch.method(target, key, (original) => {
          return function (this: unknown, ...args: unknown[]): unknown {
            const owner = current.process;
            if (owner === null) return Reflect.apply(original, this, args) as unknown;
            return consoleOf(owner).call(key, level, args);
          };
        });
      }
    }
  },
});

const consoleOf = processLocal((owner) => new ProcessConsole(owner));

class ProcessConsole {
  readonly #owner: AmbientProcess;
  readonly #inner: Members;
  readonly #started = new Map<string, number>();
  #level: Level = "log";

  constructor(owner: AmbientProcess) {
    this.#owner = owner;
    const sink = { write: (text: string) => this.#print(text) };
    const stream = sink as unknown as NodeJS.WritableStream;
    this.#inner = new Console({
      stdout: stream,
      stderr: stream,
      ignoreErrors: false,
      colorMode: false,
    }) as unknown as Members;
  }

  call(key: string, level: Level, args: unknown[]): unknown {
    this.#level = level;
    switch (key) {
      case "time":
        return this.#start(labelOf(args));
      case "timeLog":
      case "timeEnd":
        return this.#stop(labelOf(args), key === "timeEnd", args.slice(1));
      case "clear":
      case "timeStamp":
        return undefined;
      default:
        return this.#inner[key](...args) as unknown;
    }
  }

  #print(text: string): boolean {
    this.#owner.print(this.#level, text.endsWith("\n") ? text.slice(0, -1) : text);
    return true;
  }

  #start(label: string): void {
    if (this.#started.has(label)) this.#inner["warn"](`Timer '${label}' already exists`);
    else this.#started.set(label, this.#owner.monotonicMicros());
  }

  #stop(label: string, isEnd: boolean, rest: unknown[]): void {
    const started = this.#started.get(label);
    if (started === undefined) {
      this.#level = "warn";
      this.#inner["warn"](`Timer '${label}' does not exist`);
      return;
    }
    if (isEnd) this.#started.delete(label);
    this.#inner["log"](`${label}: ${(this.#owner.monotonicMicros() - started) / 1_000}ms`, ...rest);
  }
}

function labelOf(args: readonly unknown[]): string {
  return args[0] === undefined ? "default" : String(args[0]);
}
