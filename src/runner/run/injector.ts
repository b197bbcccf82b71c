/**
 * Injects the faults of a plan at their times and heals them; notes which of them left their witness. A fault runs as a
 * process of its own, held to ports. Targets are roles that are resolved here, at the moment of injection.
 */
import type { JsonObject } from "../../base/json.ts";
import type { FaultWorld, Heal } from "../../ports/controls.ts";
import type { Observation } from "../../ports/events.ts";
import type { KernelEvent } from "../../kernel/event-queue.ts";
import type { Process } from "../../kernel/process.ts";
import type { MachineRoom } from "../../machine/room.ts";
import type { FaultDefinition, SimDefinition } from "../definition.ts";
import type { Plan } from "../plan/plan.ts";
import type { FaultFate } from "./record.ts";
import { UsageError } from "../../base/errors.ts";
import { canonicalJson } from "../../base/json.ts";
import { unknownName } from "../../base/nearest.ts";
import { formatMoment } from "../../base/time.ts";
import { faultWorld } from "../../machine/controls.ts";

interface Injection {
  readonly fault: FaultDefinition;
  readonly item: number;
  readonly hosts: Set<string>;
  heal: Heal | null;
  injected: boolean;
  isActive: boolean;
  bit: boolean;
}

export class Injector {
  readonly #room: MachineRoom;
  readonly #process: Process;
  readonly #injections: Injection[] = [];
  readonly #coming = new Set<KernelEvent>();
  #active: Injection[] = [];

  /** `process` is what faults run as. */
  constructor(room: MachineRoom, process: Process) {
    this.#room = room;
    this.#process = process;
  }

  /** Schedules every fault item of a plan. Throws `UsageError` when the plan names a fault that the scenario has not. */
  schedule(definition: SimDefinition, plan: Plan): void {
    const { kernel } = this.#room;
    const byId = new Map(definition.faults.map((use) => [use.fault.id, use.fault]));
    for (const [index, item] of plan.items.entries()) {
      if (item.kind !== "fault") continue;
      const fault = byId.get(item.fault);
      if (fault === undefined) throw new UsageError(unknownName("fault", item.fault, [...byId.keys()]));
      const injection = this.#injection(fault, index);
      const kind = kernel.trace.intern(`fault ${item.fault}`);
      const inject = (): void => {
        this.#coming.delete(event);
        this.#inject(injection, item.params);
        const heal = (): void => this.#heal(injection);
        kernel.schedule(this.#process, item.until - item.at, kind, index, heal, { text: "heal" });
      };
      const text = `inject ${canonicalJson(item.params)} until ${formatMoment(item.until)}`;
      const event = kernel.schedule(this.#process, item.at, kind, index, inject, { text });
      this.#coming.add(event);
    }
  }

  /** Injects a scripted fault now; returns its healing. */
  injectNow(fault: FaultDefinition, params: JsonObject): Heal {
    const injection = this.#injection(fault, -1);
    this.#inject(injection, params);
    return () => this.#heal(injection);
  }

  /** Heals every active fault and cancels those to come. */
  healAll(): void {
    for (const event of this.#coming) this.#room.kernel.cancel(event);
    this.#coming.clear();
    for (const injection of this.#injections) this.#heal(injection);
  }

  /** Looks whether an observation is the witness of an active fault. */
  see(seen: Observation): void {
    if (this.#active.length === 0) return;
    for (const injection of this.#active) {
      if (!injection.bit && injection.fault.witness === seen.kind && touches(injection, seen)) injection.bit = true;
    }
  }

  fates(): FaultFate[] {
    return this.#injections.map(({ fault, item, injected, bit }) => ({ fault: fault.id, item, injected, bit }));
  }

  #injection(fault: FaultDefinition, item: number): Injection {
    const hosts = new Set<string>();
    const injection = { fault, item, hosts, heal: null, injected: false, isActive: false, bit: false };
    this.#injections.push(injection);
    return injection;
  }

  #inject(injection: Injection, params: JsonObject): void {
    const { kernel } = this.#room;
    injection.injected = true;
    injection.isActive = true;
    this.#active.push(injection);
    kernel.observe(null, "fault.injected", { fault: injection.fault.id, params });
    const world = noting(faultWorld(this.#room, injection.item + 1), injection.hosts);
    injection.heal = injection.fault.inject(world, params) ?? null;
  }

  #heal(injection: Injection): void {
    if (!injection.isActive) return;
    injection.isActive = false;
    injection.heal?.();
    this.#active = this.#active.filter((other) => other !== injection);
    this.#room.kernel.observe(null, "fault.healed", { fault: injection.fault.id });
  }
}

/** The same world, noting which hosts a fault laid hands on. */
function noting(world: FaultWorld, hosts: Set<string>): FaultWorld {
  return {
    get now() {
      return world.now;
    },
    hosts: () => world.hosts(),
    machines: () => world.machines(),
    resolve: (role) => world.resolve(role),
    provided: (name) => world.provided(name),
    choose: (key, n) => world.choose(key, n),
    host: (name) => {
      hosts.add(name);
      return world.host(name);
    },
    link: (from, to) => {
      hosts.add(from);
      hosts.add(to);
      return world.link(from, to);
    },
  };
}

/** Whether an observation is about the hosts of an injection; one that names no host may be anybody's. */
function touches(injection: Injection, seen: Observation): boolean {
  const { host, from, to } = seen.data as { host?: string; from?: string; to?: string };
  if (host !== undefined) return injection.hosts.has(host);
  if (from !== undefined && to !== undefined) return injection.hosts.has(from) || injection.hosts.has(to);
  return true;
}
