/**
 * A process of a replica: forms a mesh with its peers, then does what the controller tells process 0, for ever. The loss
 * of a peer ends it (`mesh-lost`, by the mesh): all of a replica share one fate, and begin anew from what is durable.
 */
import type { EnginePorts } from "../ports/engine-ports.ts";
import type { MemberOptions } from "./compute/worker/member.ts";
import type { MeshMessage } from "./compute/worker/messages.ts";
import type { Mesh, MeshAddress } from "./mesh/mesh.ts";
import { Foreman } from "./compute/worker/head/foreman.ts";
import { Member } from "./compute/worker/member.ts";

/** `MeshPolicies`: whatever `formMesh` takes for its decisions. */
export interface ClusterdOptions<MeshPolicies> {
  readonly ports: EnginePorts;
  readonly policies: MemberOptions["policies"] & { readonly mesh: MeshPolicies };
  readonly replica: string;
  /** This process's place among the addresses. */
  readonly index: number;
  /** Where the members meet, in order of their index. */
  readonly addresses: readonly MeshAddress[];
  /** Equal at all members. Default 2. */
  readonly workersPerProcess?: number;
  /** Where process 0 takes controllers. Default 2101. */
  readonly controlPort?: number;
  readonly formMesh: (
    ports: EnginePorts,
    options: {
      readonly replica: string;
      readonly index: number;
      readonly addresses: readonly MeshAddress[];
      readonly policies: MeshPolicies;
    },
  ) => Promise<Mesh>;
  readonly startIngestion: MemberOptions["startIngestion"];
  readonly startSink: MemberOptions["startSink"];
  readonly persist: MemberOptions["persist"];
}

/** Resolves once the process is in service; it then runs until it is ended. */
export async function clusterd<MeshPolicies>(options: ClusterdOptions<MeshPolicies>): Promise<void> {
  const { ports, policies, replica, index, addresses, formMesh, workersPerProcess = 2 } = options;
  const { startIngestion, startSink, persist } = options;
  ports.host.onStop(() => ports.host.exit(0, "stopped"));
  const mesh = await formMesh(ports, { replica, index, addresses, policies: policies.mesh });
  const shared = { ports, persist, mesh, replica, workersPerProcess, policies, startIngestion, startSink };
  const member: Member = new Member({ ...shared, onReport: (process, report) => foreman?.heard(process, report) });
  const foreman = index === 0 ? new Foreman(shared, member) : null;
  mesh.onMessage = (peer, message) => member.receive(peer, message as unknown as MeshMessage);
  await foreman?.listen(options.controlPort ?? 2101);
}
