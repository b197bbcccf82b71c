/** The control panel that faults turn (`ports/controls.ts`), over the machine room. */
import type { Duration, Micros } from "../base/time.ts";
import type { ClockControls, DiskControls, FaultWorld, Heal, HostControls, LinkControls } from "../ports/controls.ts";
import type { Machine } from "./machine.ts";
import type { MachineRoom } from "./room.ts";
import type { Service } from "./service.ts";
import { hashText, mix } from "../base/hash.ts";
import { micros, parseDuration } from "../base/time.ts";
import { site } from "../kernel/choices.ts";

const faultSite = site("fault");

/** The world as one injection of a fault sees it; `injection` keys its choices. */
export function faultWorld(room: MachineRoom, injection: number): FaultWorld {
  return {
    get now() {
      return micros(room.kernel.now);
    },
    hosts: () => room.serviceHosts(),
    machines: () => [...room.machines.values()].filter((machine) => machine.isOnNetwork).map(({ name }) => name),
    resolve: (role) => {
      const hosts = room.serviceHosts();
      if (typeof role === "string") return room.machines.has(role) ? role : undefined;
      return hosts.length === 0 ? undefined : hosts[Math.abs(Math.trunc(role)) % hosts.length];
    },
    host: (name) => hostControls(room, room.machine(name)),
    link: (from, to) => linkControls(room, from, to),
    provided: (name) => room.provided.get(name),
    choose: (key, n) => room.kernel.oracle.choose(faultSite, mix(injection, hashText(key)), n),
  };
}

function hostControls(room: MachineRoom, machine: Machine): HostControls {
  const services = (): Service[] => room.services.filter((service) => service.machine === machine);
  const count = (act: (service: Service) => boolean): number => services().filter(act).length;
  return {
    name: machine.name,
    crash: () => count((service) => service.kill("reset")),
    down: () => {
      const held = services();
      for (const service of held) service.hold();
      return once(() => held.forEach((service) => service.release()));
    },
    powerLoss: () => {
      const killed = count((service) => service.kill("silent"));
      machine.disk.losePower();
      return killed;
    },
    pause: () => pause(room, machine),
    slowDeath: (linger) => count((service) => service.dieSlowly(parseDuration(linger))),
    stop: (grace) => count((service) => service.stop(parseDuration(grace))),
    slowCpu: (factor) => slowCpu(machine, factor),
    refuse: () => {
      machine.refusals++;
      return once(() => machine.refusals--);
    },
    phantomAccept: () => {
      machine.phantoms++;
      return once(() => machine.phantoms--);
    },
    holdPorts: () => {
      machine.portsHeld++;
      return once(() => machine.portsHeld--);
    },
    disk: diskControls(machine),
    clock: clockControls(machine),
  };
}

function pause(room: MachineRoom, machine: Machine): Heal {
  const { kernel } = room;
  machine.pauses++;
  machine.hinder("paused");
  for (const process of machine.processes.values()) kernel.pause(process);
  return once(() => {
    machine.pauses--;
    for (const process of machine.processes.values()) {
      if (process.pauses > 0) kernel.resume(process);
    }
  });
}

function slowCpu(machine: Machine, factor: number): Heal {
  machine.cpuFactor += factor - 1;
  machine.hinder("slowed");
  for (const process of machine.processes.values()) process.cpuFactor = machine.cpuFactor;
  return once(() => {
    machine.cpuFactor -= factor - 1;
    for (const process of machine.processes.values()) process.cpuFactor = machine.cpuFactor;
  });
}

function diskControls(machine: Machine): DiskControls {
  const { disk } = machine;
  return {
    delay: (by) => {
      const delay = parseDuration(by);
      disk.delayMicros += delay;
      return once(() => (disk.delayMicros -= delay));
    },
    fill: () => {
      disk.fills++;
      return once(() => disk.fills--);
    },
    fail: (oneIn) => {
      disk.failures.push(oneIn);
      return once(() => disk.failures.splice(disk.failures.indexOf(oneIn), 1));
    },
  };
}

function clockControls(machine: Machine): ClockControls {
  const { clock } = machine;
  return {
    offset: (byMicros) => {
      clock.shift(byMicros);
      return once(() => clock.shift(-byMicros));
    },
    drift: (partsPerMillion) => {
      clock.changeDrift(partsPerMillion);
      return once(() => clock.changeDrift(-partsPerMillion));
    },
    freeze: () => {
      clock.freeze();
      return once(() => clock.thaw());
    },
  };
}

function linkControls(room: MachineRoom, from: string, to: string): LinkControls {
  const { network } = room;
  const link = network.link(from, to);
  return {
    block: () => {
      link.blocks++;
      return once(() => {
        link.blocks--;
        link.drain();
      });
    },
    delay: (by: Duration | Micros) => {
      const delay = parseDuration(by);
      link.delayMicros += delay;
      return once(() => (link.delayMicros -= delay));
    },
    clog: () => {
      link.clogs++;
      return once(() => {
        link.clogs--;
        link.drain();
      });
    },
    reset: () => {
      const ends = network.between(from, to);
      for (const end of ends) network.reset(end);
      if (ends.length > 0) room.kernel.observe(null, "net.reset", { from, to });
      return ends.length;
    },
    halfOpen: () => {
      const ends = network.between(from, to);
      for (const end of ends) {
        end.isHalfOpen = true;
        if (end.other !== null) end.other.isHalfOpen = true;
      }
      return ends.length;
    },
    breakSome: (oneIn) => {
      link.breaks.push(oneIn);
      return once(() => link.breaks.splice(link.breaks.indexOf(oneIn), 1));
    },
  };
}

/** Makes an undoing that works once. */
function once(undo: () => unknown): Heal {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    undo();
  };
}
