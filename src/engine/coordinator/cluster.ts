/**
 * The replica as the coordinator sees it: what it asks of the controller, and what the controller tells it. Connecting,
 * reconnecting and replaying the history of commands happen behind this interface, for ever and without a word.
 */
import type { Frontier } from "../collection.ts";
import type { HealthUpdate, Peek, PeekOutcome, RenderedObject } from "../compute/protocol.ts";
import type { Owner } from "../persist/persist.ts";
import type { EnginePorts } from "../../ports/engine-ports.ts";

/** What the controller tells. It calls these synchronously, in events of the environment's process. */
export interface ClusterListener {
  /** A replica reported where an object's output is. It may be late: of an object that is gone, of an old incarnation. */
  onFrontier(id: string, incarnation: number, upper: Frontier): void;
  /** Health of a connector; may be late as well. */
  onStatus(update: HealthUpdate): void;
  /**
   * An object is about to be mentioned to a new connection: answers with its present description, whose `asOf` is one
   * that is held from now on until the replica reports the object's frontier. Left out: as it was created.
   */
  atReplay?(object: RenderedObject): RenderedObject;
  /** A replica refused this environment: it has seen a newer owner. The coordinator looks into the catalog and ends. */
  onFenced(by: Owner): void;
}

export interface ClusterController {
  /** Adds an object to the history, or replaces the one with its id. Returns at once; never throws. */
  create(object: RenderedObject): void;
  /** Removes an object. Unknown ids are ignored. */
  drop(id: string): void;
  /** All objects of the catalog have been mentioned: replicas may drop what they have not heard of. Called once. */
  initializationComplete(): void;
  /**
   * Reads. Waits for a replica and for the inputs, as long as it takes, over reconnections; the caller keeps the deadline.
   * Never rejects; stays pending for ever once it is cancelled.
   */
  peek(peek: Peek): Promise<PeekOutcome>;
  /** Gives a peek up. Unknown and answered ones are ignored. */
  cancelPeek(uuid: string): void;
}

export interface ClusterContext {
  readonly ports: EnginePorts;
  /** The fence: sent with every hello. */
  readonly owner: Owner;
  readonly listener: ClusterListener;
}

/** Makes the controller and lets it begin to connect. It sends nothing of effect before `initializationComplete`. */
export type CreateController = (context: ClusterContext) => ClusterController;
