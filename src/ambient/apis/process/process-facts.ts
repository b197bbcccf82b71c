/**
 * What a process may learn about itself and its machine: fixed values, or nothing. Its environment is its own and empty
 * but for the zone. Node's warnings are dropped, since most are printed once a thread and so depend on earlier runs.
 * Listeners on the real process are never called for a simulated one; `host.onStop` is the signal there is.
 */
import type { AmbientProcess } from "../../../ports/ambient.ts";
import { current } from "../../../kernel/current.ts";
import { defineAmbient, type AnyFunction, type Members, type Patch } from "../../definition.ts";
import { processLocal } from "../../process-local.ts";
import { acting, isCalledByNode, refuseCall } from "../../trap.ts";

const askNothing = "facts of the machine are none of the run's; pass what is needed as an argument";
const machineControls = [
  ..."_debugEnd _debugProcess _getActiveHandles _getActiveRequests _kill abort availableMemory chdir".split(" "),
  ..."constrainedMemory cwd disconnect dlopen execve getActiveResourcesInfo getegid geteuid getgid getgroups".split(
    " ",
  ),
  ..."getuid initgroups kill loadEnvFile openStdin reallyExit resourceUsage send setegid seteuid setgid".split(" "),
  ..."setgroups setSourceMapsEnabled setuid setUncaughtExceptionCaptureCallback threadCpuUsage umask".split(" "),
];
const memory = {
  rss: 67_108_864,
  heapTotal: 33_554_432,
  heapUsed: 16_777_216,
  external: 1_048_576,
  arrayBuffers: 65_536,
};
const environment = processLocal((): Record<string, string> => ({ TZ: "UTC" }));
const argumentsOf = processLocal(() => ["node", "program"]);
const listeners = "on once addListener prependListener prependOnceListener off removeListener removeAllListeners".split(
  " ",
);

export const processFacts = defineAmbient({
  family: "process-facts",
  doc: "process.pid, env, argv and memory are fixed; process.exit ends the simulated process; the rest is refused.",
  install(patch) {
    method(patch, "exit", "use host.exit(code)", (owner, [code]) => owner.exit(exitCode(code)));
    fact(patch, "pid", () => 1);
    fact(patch, "ppid", () => 0);
    patch.getter(process, "env", (read) => (self) => {
      const owner = current.process;
      if (owner === null) return read(self);
      const isAllowed = owner.ambient === "virtual" || isCalledByNode(); // node:readline looks at TERM
      if (!isAllowed) acting("process.env", askNothing);
      return environment(owner);
    });
    fact(patch, "argv", argumentsOf);
    fact(patch, "execArgv", () => []);
    fact(patch, "execPath", () => "node");
    fact(patch, "title", () => "node");
    fact(patch, "debugPort", () => 0);
    patch.method(process.memoryUsage, "rss", (original) => () => {
      return acting("process.memoryUsage.rss", askNothing) === null ? (original() as number) : memory.rss;
    });
    method(patch, "memoryUsage", askNothing, () => ({ ...memory }));
    method(patch, "cpuUsage", askNothing, () => ({ user: 0, system: 0 }));
    patch.refuse(process, machineControls, "process", askNothing);
    patch.getter(process, "report", refused("process.report"));
    patch.getter(process, "finalization", refused("process.finalization"));
    for (const key of listeners) method(patch, key, "use host.onStop()", () => process);
    patch.method(process, "emitWarning", (original) => (...args: unknown[]) => {
      return current.process === null ? (Reflect.apply(original, process, args) as unknown) : undefined;
    });
  },
});

function method(
  patch: Patch,
  key: string,
  instead: string,
  act: (owner: AmbientProcess, args: readonly unknown[]) => unknown,
): void {
  patch.method(process, key, (original: AnyFunction) => {
    return function (this: unknown, ...args: unknown[]): unknown {
      const owner = acting(`process.${key}`, instead);
      return owner === null ? (Reflect.apply(original, this, args) as unknown) : act(owner, args);
    };
  });
}

function fact(patch: Patch, key: string, value: (owner: AmbientProcess) => unknown): void {
  patch.getter(process as unknown as Members, key, (read) => (self) => {
    const owner = acting(`process.${key}`, askNothing);
    return owner === null ? read(self) : value(owner);
  });
}

function refused(api: string): (read: (self: unknown) => unknown) => (self: unknown) => unknown {
  return (read) => (self) => {
    refuseCall(api, askNothing);
    return read(self);
  };
}

/** The code of `process.exit(code)`: `process.exitCode` belongs to the real process and does not count. */
function exitCode(code: unknown): number {
  const value = Number(code ?? 0);
  return Number.isInteger(value) ? value : 1;
}
