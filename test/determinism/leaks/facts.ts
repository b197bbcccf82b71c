/** What the machine and the real process would tell: fixed or private for a virtual process. */
import { hostname } from "node:os";
import type { LeakGroup } from "./leak.ts";

export const facts: LeakGroup = {
  file: import.meta.url,
  refusedIn: "ports",
  leaks: [
    { id: "exit", api: "process.exit", run: () => process.exit(3) }, // leak: exit
    { id: "pid", api: "process.pid", run: () => process.pid }, // leak: pid
    { id: "env", api: "process.env", run: () => process.env["HOME"] }, // leak: env
    { id: "argv", api: "process.argv", run: () => process.argv.length }, // leak: argv
    { id: "on-signal", api: "process.on", run: () => process.on("SIGTERM", () => undefined) }, // leak: on-signal
    { id: "memory", api: "process.memoryUsage", run: () => process.memoryUsage() }, // leak: memory
    { id: "memory-rss", api: "process.memoryUsage.rss", run: () => process.memoryUsage.rss() }, // leak: memory-rss
    { id: "cpu", api: "process.cpuUsage", run: () => process.cpuUsage() }, // leak: cpu
    { id: "hostname", api: "os.hostname", run: () => hostname() }, // leak: hostname
    { id: "weak-ref", api: "WeakRef", run: () => new WeakRef({}) }, // leak: weak-ref
    {
      id: "finalization",
      api: "FinalizationRegistry",
      run: () => new FinalizationRegistry(() => undefined), // leak: finalization
    },
  ],
};
