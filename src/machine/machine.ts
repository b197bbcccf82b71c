/** One simulated machine: a name on the network, clocks, a disk, ports that are listened on, and its live processes. */
import type { Kernel } from "../kernel/kernel.ts";
import type { Process } from "../kernel/process.ts";
import { hashText } from "../base/hash.ts";
import { site } from "../kernel/choices.ts";
import { HostClock } from "./clock.ts";
import { Disk } from "./disk/disk.ts";
import type { ListenerRecord, NetworkHost } from "./network/network.ts";

const bootSite = site("clock.boot");

export class Machine implements NetworkHost {
  readonly name: string;
  readonly clock: HostClock;
  readonly disk: Disk;
  readonly listeners = new Map<number, ListenerRecord>();
  /** Ports that programs listen on while they are well, by name of the process. */
  readonly served = new Map<number, string>();
  /** Live processes by label, in order of their start. */
  readonly processes = new Map<string, Process>();
  /** It runs programs, or something listened or dialed here: only then do faults of the network look at it. */
  isOnNetwork = false;
  refusals = 0;
  phantoms = 0;
  /** While above 0, `listen` finds every port taken. */
  portsHeld = 0;
  /** Active pauses: processes that start meanwhile are paused too. */
  pauses = 0;
  /** Every dispatch costs so many times its CPU time; active slow-downs add up. */
  cpuFactor = 1;

  readonly #kernel: Kernel;
  /** Hindrances that were shown, by process; one is shown once until `hinder` says that there is a new one. */
  readonly #shown = { paused: new Set<Process>(), slowed: new Set<Process>() };

  constructor(kernel: Kernel, name: string) {
    this.#kernel = kernel;
    this.name = name;
    // Machines were not booted at one moment: monotonic clocks of two hosts cannot be compared.
    const bootMicros = 1_000_000 + kernel.oracle.choose(bootSite, hashText(name), 65_536) * 1_000_000;
    const skewed = (): void => kernel.observe(null, "clock.skewed", { host: name });
    this.clock = new HostClock(() => kernel.now, bootMicros, skewed);
    this.disk = new Disk(kernel, name);
  }

  /** Adopts a process that starts here: faults that are on already reach it too. */
  adopt(process: Process): void {
    this.processes.set(process.label, process);
    process.cpuFactor = this.cpuFactor;
    for (let pause = 0; pause < this.pauses; pause++) this.#kernel.pause(process);
    process.hindered = (how) => {
      const shown = this.#shown[how];
      if (shown.has(process)) return;
      shown.add(process);
      const kind = how === "paused" ? "process.delayed" : "cpu.slowed";
      this.#kernel.observe(null, kind, { host: this.name, process: process.label });
    };
  }

  /** A fault begins that pauses or slows processes: what it does to each will be shown once. */
  hinder(how: "paused" | "slowed"): void {
    this.#shown[how].clear();
  }
}
