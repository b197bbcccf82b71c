/** Which replica a host belongs to, by its name: `clusterd-0` and `clusterd-g2-r3-1`, as orchestrators name them. */

export interface ReplicaHost {
  /** Of the deployment, from 1. */
  readonly generation: number;
  /** Name of the replica's service, `g1-r1`. */
  readonly service: string;
}

/** Undefined for hosts of other things. */
export function replicaOfHost(host: string): ReplicaHost | undefined {
  const found = /^clusterd-(?:g(\d+)-)?(?:(r\d+)-)?\d+$/.exec(host);
  if (found === null) return undefined;
  const generation = Number(found[1] ?? 1);
  return { generation, service: `g${generation}-${found[2] ?? "r1"}` };
}
