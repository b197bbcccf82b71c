/** Decisions of the worker mesh. */
import type { Host } from "../../ports/host.ts";
import type { Attempts } from "./attempts.ts";
import type { FormingCore } from "./forming.ts";
import type { MeshAddress } from "./mesh.ts";
import { ownAttempts } from "./attempts.ts";
import { epochForming } from "./forming.ts";
import { meshTiming } from "./timing.ts";

export interface MeshPolicies {
  /** The protocol by which a mesh is formed. */
  readonly formingCore: FormingCore;
  /** What begins an attempt, and what follows one that failed. */
  readonly attempts: Attempts;
  /** Whether a link on which nothing was heard for so many beats in a row is dead. */
  readonly isSilent: (beats: number) => boolean;
  /** What a process does that has lost a member of the mesh that it is in: all share one fate. */
  readonly loseMember: (host: Host) => void;
}

export const meshPolicies: MeshPolicies = {
  formingCore: epochForming,
  attempts: ownAttempts,
  isSilent: (beats) => beats >= meshTiming.silencesMax,
  loseMember: (host) => host.exit(2, "mesh-lost"),
};

/** What drives the processes of a mesh from outside. Historic protocols need somebody; the one in force does not. */
export interface ControllerPolicies {
  /** A program on a host of its own, given the members of the mesh; null where there is none. */
  readonly program: ((host: Host, members: readonly MeshAddress[]) => Promise<void>) | null;
}

/** A mesh forms by itself. */
export const controllerPolicies: ControllerPolicies = { program: null };
