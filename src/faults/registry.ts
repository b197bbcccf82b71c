/** Every fault of the machine room, by id. Order is that of listings and of drawing. */
import type { FaultDefinition } from "../runner/definition.ts";
import { addressInUse } from "./address-in-use.ts";
import { clockDrift } from "./clock-drift.ts";
import { clockFreeze } from "./clock-freeze.ts";
import { clockOffset } from "./clock-offset.ts";
import { clog } from "./clog.ts";
import { connectionLoss } from "./connection-loss.ts";
import { crash } from "./crash.ts";
import { diskErrors } from "./disk-errors.ts";
import { fullDisk } from "./full-disk.ts";
import { gracefulStop } from "./graceful-stop.ts";
import { halfOpen } from "./half-open.ts";
import { hostDown } from "./host-down.ts";
import { latency } from "./latency.ts";
import { oneWayPartition } from "./one-way-partition.ts";
import { partition } from "./partition.ts";
import { pause } from "./pause.ts";
import { phantomAccept } from "./phantom-accept.ts";
import { powerLoss } from "./power-loss.ts";
import { refuse } from "./refuse.ts";
import { reset } from "./reset.ts";
import { serviceFaults } from "./services/registry.ts";
import { slowCpu } from "./slow-cpu.ts";
import { slowDeath } from "./slow-death.ts";
import { slowDisk } from "./slow-disk.ts";

export const faults = {
  "process.crash": crash,
  "process.host-down": hostDown,
  "process.power-loss": powerLoss,
  "process.pause": pause,
  "process.slow-death": slowDeath,
  "process.graceful-stop": gracefulStop,
  "process.slow-cpu": slowCpu,
  "net.partition": partition,
  "net.one-way-partition": oneWayPartition,
  "net.latency": latency,
  "net.connection-loss": connectionLoss,
  "net.clog": clog,
  "net.reset": reset,
  "net.half-open": halfOpen,
  "net.phantom-accept": phantomAccept,
  "net.refuse": refuse,
  "net.address-in-use": addressInUse,
  "clock.offset": clockOffset,
  "clock.drift": clockDrift,
  "clock.freeze": clockFreeze,
  "disk.slow": slowDisk,
  "disk.full": fullDisk,
  "disk.errors": diskErrors,
} as const;

/** The definitions alone, for listings. */
export const faultDefinitions: readonly FaultDefinition[] = [
  ...Object.values(faults),
  ...Object.values(serviceFaults),
].map((factory) => factory.fault as unknown as FaultDefinition);
