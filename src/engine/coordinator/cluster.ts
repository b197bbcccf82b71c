/**
 * A cluster as the coordinator sees it: what it asks of the controller, and what the controller tells it. Connecting,
 * reconnecting and replaying the history of commands happen behind this interface, for ever and without being asked.
 */
import type { Frontier } from "../collection.ts";
import type { HealthUpdate, Peek, PeekOutcome, RenderedObject } from "../compute/protocol.ts";
import type { ReplicaAddress } from "../compute/replica-link.ts";
import type { Owner } from "../persist/persist.ts";
import type { EnginePorts } from "../../ports/engine-ports.ts";

/** What the controller tells. It calls these synchronously, in events of the environment's process. */
export interface ClusterListener {
  /** An object's output is further than any replica said before. May be late: of what is gone, of an old incarnation. */
  onFrontier(id: string, incarnation: number, upper: Frontier): void;
  /**
   * How far one replica has come by itself with an object: it has computed all below `upper`, and that is durable. After
   * `onReplica` said that it is online again it begins anew, and may be lower.
   */
  onReplicaFrontier?(replica: string, id: string, incarnation: number, upper: Frontier): void;
  /**
   * A replica came or went: `online` with "connected", when it runs what it was told; `offline` when its connection ended
   * ("lost"), is refused ("refused", "timeout"), fell silent ("silent"), was refused by it ("fenced"), or when it was
   * dropped here ("dropped"). Called when either changes.
   */
  onReplica?(name: string, state: "online" | "offline", reason: string): void;
  /** Health of a connector; may be late as well. */
  onStatus(update: HealthUpdate): void;
  /**
   * An object is about to be mentioned to a replica, for the first time or again: answers with its present description,
   * whose `asOf` is one that is held from now on until that replica reports the object's frontier, or is dropped. Left out:
   * as it was created.
   */
  atReplay?(object: RenderedObject, replica: string): RenderedObject;
  /** A replica refused this environment: it has seen a newer owner. The coordinator looks into the catalog and ends. */
  onFenced(by: Owner): void;
}

export interface ClusterController {
  /**
   * Adds a replica, which is connected to from now on. The one that was added first runs sources and sinks. One that is
   * there already is left as it is. At any time.
   */
  addReplica(replica: ReplicaAddress): void;
  /**
   * Takes a replica away: nothing is asked of it or heard from it any more, and what it alone ran moves to the next by age.
   * Unknown names are ignored. Without any replica the history is kept, and queries wait. At any time.
   */
  dropReplica(name: string): void;
  /** Adds an object to the history, or replaces the one with its id. Returns at once; never throws. */
  create(object: RenderedObject): void;
  /** Removes an object. Unknown ids are ignored. */
  drop(id: string): void;
  /** All objects of the catalog have been mentioned: replicas may drop what they have not heard of. Called once. */
  initializationComplete(): void;
  /**
   * Reads. Waits for a replica and for the inputs, as long as it takes, over reconnections; the caller keeps the deadline.
   * The first answer counts. A query under which every replica has died twice is answered with the error 57P02. Never
   * rejects; stays pending for ever once it is cancelled.
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
  /** Id of the cluster, for observations. */
  readonly cluster?: string;
}

/** Makes the controller of one cluster. What it sends is of no effect before `initializationComplete`. */
export type CreateController = (context: ClusterContext) => ClusterController;
