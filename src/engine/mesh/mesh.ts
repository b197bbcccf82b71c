/** A formed mesh as what runs on it sees it: FIFO links between all processes of a replica, one fate for all. */
import type { Json } from "../../base/json.ts";

export interface MeshAddress {
  readonly host: string;
  readonly port: number;
}

export interface Mesh {
  /** This process's place, from 0. */
  readonly index: number;
  readonly size: number;
  /** Equal at all members; differs between any two formed meshes. */
  readonly epoch: string;
  /** To another member, in order; to itself it is not. */
  send(peer: number, message: Json): void;
  /** Set once, before any message is awaited; messages that came earlier are handed over then, in order. */
  onMessage: ((peer: number, message: Json) => void) | null;
}
