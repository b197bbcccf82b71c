/**
 * The machine room: the hosts of one run, the network between them and the supervisor that starts programs again. It
 * knows no database. Everything that happens here because of a fault shows as an observation (`ports/events.ts`).
 */
import type { Kernel } from "../kernel/kernel.ts";
import type { Process } from "../kernel/process.ts";
import type { Program, StartOptions } from "../ports/world.ts";
import { Machine } from "./machine.ts";
import { Network } from "./network/network.ts";
import { Service } from "./service.ts";
import { parseDuration } from "../base/time.ts";

export class MachineRoom {
  readonly kernel: Kernel;
  readonly machines = new Map<string, Machine>();
  readonly network: Network;
  /** Programs that were started, in order. */
  readonly services: Service[] = [];
  /** Controls of simulated services, by name. */
  readonly provided = new Map<string, object>();

  constructor(kernel: Kernel) {
    this.kernel = kernel;
    this.network = new Network(kernel, this.machines);
  }

  /** The machine of that name, made when it is first asked for. */
  machine(name: string): Machine {
    let machine = this.machines.get(name);
    if (machine === undefined) {
      if (!/^[A-Za-z][\w.-]{0,62}$/.test(name)) {
        throw new TypeError(`"${name}" is no host name: a letter, then letters, digits, "-", "_" and "."`);
      }
      machine = new Machine(this.kernel, name);
      this.machines.set(name, machine);
    }
    return machine;
  }

  /** Starts a program on a host under supervision. */
  start(host: string, program: Program, options: StartOptions = {}): Service {
    const name = options.name ?? host;
    if (this.services.some((service) => service.name === name)) {
      throw new TypeError(`a process named "${name}" was started before: give this one a name of its own`);
    }
    const backoffMicros = parseDuration(options.backoff ?? "500ms");
    const service = new Service(this, this.machine(host), {
      name,
      program,
      restart: options.restart ?? "never",
      backoffMicros,
      backoffMaxMicros: Math.max(backoffMicros, parseDuration(options.backoffMax ?? "10s")),
      ambient: options.ambient ?? "virtual",
      onEnd: options.onEnd ?? null,
    });
    this.services.push(service);
    service.launch();
    return service;
  }

  /** Names of the hosts that run programs, in order of their first start. */
  serviceHosts(): string[] {
    return [...new Set(this.services.map((service) => service.machine.name))];
  }

  /** Whether every program that should run does, and listens on each port that it or a predecessor listened on. */
  get isWhole(): boolean {
    return this.services.every((service) => {
      if (!service.isRunning) return !service.isExpected;
      const { served, listeners } = service.machine;
      return [...served].every(
        ([port, name]) => name !== service.name || listeners.get(port)?.process.isAlive === true,
      );
    });
  }

  /** The process has ended: its connections and ports go with it. */
  release(process: Process, machine: Machine, how: "reset" | "silent"): void {
    machine.processes.delete(process.label);
    for (const [port, listener] of machine.listeners) {
      if (listener.process === process) machine.listeners.delete(port);
    }
    this.network.drop(process, how);
  }
}
