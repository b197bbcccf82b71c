/**
 * The mesh alone: processes that find each other, and talk over what they formed so that a mixture of incarnations would
 * show in what they hear. No database, no storage, no controller, unless a protocol is planted that depends on one.
 */
import type { Duration, Micros } from "../base/time.ts";
import type { MeshAddress, Mesh } from "../engine/mesh/mesh.ts";
import type { ControllerPolicies, MeshPolicies } from "../engine/mesh/policies.ts";
import type { Host } from "../ports/host.ts";
import type { World } from "../ports/world.ts";
import { formMesh } from "../engine/mesh/form-mesh.ts";
import { formingBound } from "../engine/mesh/timing.ts";

export interface MeshLaboratoryOptions {
  readonly world: World;
  readonly policies: { readonly mesh: MeshPolicies; readonly controller: ControllerPolicies };
  /** How many processes the replica has. */
  readonly processes: number;
  /** Waits before a process is started again: the first one, doubled up to the longest. */
  readonly restarts: { readonly first: Duration | Micros; readonly max: Duration | Micros };
  /** What a process does in its mesh, besides talking. Nothing unless given. */
  readonly work?: (host: Host, mesh: Mesh) => void;
}

const replica = "r1";
const meshPort = 2102;
const talkEvery = "5s";

/** Starts the replica, `clusterd-0` …, and the controller if there is one. */
export class MeshLaboratory {
  readonly hosts: readonly string[];
  /** How long forming may take once faults are over, virtual µs. */
  readonly bound: Micros;

  constructor(options: MeshLaboratoryOptions) {
    const { world, policies, processes, restarts } = options;
    const addresses = Array.from({ length: processes }, (_, index) => ({ host: `clusterd-${index}`, port: meshPort }));
    this.hosts = addresses.map(({ host }) => host);
    this.bound = formingBound(processes, restarts.max);
    world.emit("mesh.due", { replica, within: this.bound });
    for (const [index, { host }] of addresses.entries()) {
      const supervision = { restart: "always", backoff: restarts.first, backoffMax: restarts.max } as const;
      world.host(host).start((port) => member(port, index, addresses, options), { ...supervision, ambient: "ports" });
    }
    const { program } = policies.controller;
    if (program === null) return;
    world.host("controller").start((port) => program(port, addresses), {
      restart: "always",
      backoff: "1s",
      backoffMax: "1s",
      ambient: "ports",
    });
  }
}

/** A word of one process to another. */
interface Word {
  readonly process: string;
  readonly epoch: string;
}

async function member(
  host: Host,
  index: number,
  addresses: readonly MeshAddress[],
  { policies, work }: MeshLaboratoryOptions,
): Promise<void> {
  host.onStop(() => host.exit(0, "stopped"));
  const mesh = await formMesh({ host }, { replica, index, addresses, policies: policies.mesh });
  const { epoch, size } = mesh;
  const known = new Set([index]);
  // Whoever formed with one that never agreed is doomed, and alone: only what all have a part in is work.
  const worked = (): void => {
    if (known.size === size) host.emit("mesh.worked", { replica, index, epoch });
  };
  mesh.onMessage = (peer, message) => {
    if (known.has(peer)) return;
    known.add(peer);
    const { process, epoch: peerEpoch } = message as unknown as Word;
    host.emit("mesh.heard", { replica, index, epoch, peer, peerProcess: process, peerEpoch });
    worked();
  };
  const word = { process: host.process, epoch };
  for (let peer = 0; peer < size; peer++) if (peer !== index) mesh.send(peer, word);
  work?.(host, mesh);
  // To each of the others in turn: enough to go on working, cheap among many.
  for (let turn = 1; ; turn++) {
    await host.sleep(talkEvery);
    if (size > 1) mesh.send((index + 1 + (turn % (size - 1))) % size, word);
    worked();
  }
}
