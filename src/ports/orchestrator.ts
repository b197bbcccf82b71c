/**
 * What runs replicas for the engine: a service that keeps processes as they were declared, starts them again when they
 * end, and says what became of them. Everything is idempotent and may be asked for again after a lost answer.
 */

/** A replica as it is declared: `processes` of `workers` workers each. */
export interface ReplicaService {
  /** Unique among all generations, `g1-r1`: generation and id of the replica. */
  readonly name: string;
  /** 1 to 16. */
  readonly processes: number;
  /** Of each process, 1 to 4. */
  readonly workers: number;
}

/** One process of a replica. */
export interface ProcessState {
  readonly index: number;
  /** `running`: it was started and has not ended; `waiting`: it was not started yet, or ended and is to be started again. */
  readonly state: "running" | "waiting";
  /** For what the last incarnation ended, as a process says it; null before any end. */
  readonly reason: string | null;
  /** Incarnations that ended so far. */
  readonly ends: number;
  /** When `state` began, ms by the service's wall clock. */
  readonly since: number;
}

/** A declared replica and what is known of its processes, in order of their index. */
export interface ServiceState extends ReplicaService {
  readonly states: readonly ProcessState[];
}

/**
 * Failures are errors with a `code`: `unavailable` (not done, or not known to be; ask again), `conflict` (see `ensure`),
 * `invalid` (no such name or size can be declared). Every request ends in bounded time.
 */
export interface Orchestrator {
  /**
   * Sees to it that the replica runs, some time after it resolves. The same name with another size is a `conflict`: sizes
   * never change. So is any of a generation that was reaped. While one of this name is being ended, `unavailable`.
   */
  ensure(service: ReplicaService): Promise<void>;
  /** Ends its processes for good, some time after it resolves. Unknown names are ignored. */
  remove(name: string): Promise<void>;
  /** All services whose name begins so, by name; none that was removed, though its processes may not have ended. */
  list(prefix: string): Promise<readonly ServiceState[]>;
  /** `host:port` where process 0 of a service takes controllers; known without asking. */
  controlAddress(name: string): string;
}
