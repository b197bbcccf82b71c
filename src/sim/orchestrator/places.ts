/** Where a replica's processes are: everything about it follows from the name of its service, so nobody has to ask. */
import type { ReplicaService } from "../../ports/orchestrator.ts";

/** Where process 0 of a replica takes controllers. */
export const controlPort = 2101;

/** Between these, ends included, a replica is of a size that can be declared. */
export const sizes = { processes: { min: 1, max: 16 }, workers: { min: 1, max: 4 } } as const;

interface ServiceName {
  readonly generation: number;
  /** `r1` …. */
  readonly replica: string;
}

/** The parts of a name like `g1-r1`; undefined when it is none. */
export function parseServiceName(name: string): ServiceName | undefined {
  const found = /^g([1-9]\d{0,8})-(r[1-9]\d{0,8})$/.exec(name);
  return found === null ? undefined : { generation: Number(found[1]), replica: found[2]! };
}

/**
 * The host of one process: `clusterd-0` … of `g1-r1`, `clusterd-g2-0` … of `g2-r1`, `clusterd-r2-0` … of `g1-r2`,
 * `clusterd-g2-r2-0` … of `g2-r2`. Throws a `TypeError` for what is no name of a service.
 */
export function serviceHost(name: string, index: number): string {
  const parts = parseServiceName(name);
  if (parts === undefined) throw new TypeError(`"${name}" is no service: write generation and replica, like g1-r1`);
  const generation = parts.generation === 1 ? "" : `g${parts.generation}-`;
  const replica = parts.replica === "r1" ? "" : `${parts.replica}-`;
  return `clusterd-${generation}${replica}${index}`;
}

/** The hosts of all its processes, in order of their index. Throws as `serviceHost` does. */
export function serviceHosts({ name, processes }: Pick<ReplicaService, "name" | "processes">): string[] {
  return Array.from({ length: processes }, (_, index) => serviceHost(name, index));
}

/** Whether a replica may be declared so. */
export function isDeclarable({ name, processes, workers }: ReplicaService): boolean {
  const isWithin = (value: number, { min, max }: { readonly min: number; readonly max: number }): boolean =>
    Number.isInteger(value) && value >= min && value <= max;
  return (
    parseServiceName(name) !== undefined && isWithin(processes, sizes.processes) && isWithin(workers, sizes.workers)
  );
}
