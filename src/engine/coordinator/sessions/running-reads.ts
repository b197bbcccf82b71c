/** Queries that wait for a replica, so that a DROP of what they need ends them: nothing would ever come of waiting. */

/** Why a query ends without an answer. */
export type ReadLoss = "relation-dropped" | "cluster-dropped";

interface RunningRead {
  /** Id of the cluster that it runs on. */
  readonly cluster: string;
  /** Ids of what it reads. */
  readonly ids: readonly string[];
  readonly lose: (loss: ReadLoss) => void;
}

export class RunningReads {
  readonly #running = new Set<RunningRead>();

  /** `lose` is called once what the query needs is dropped, until the returned function is called. */
  add(read: RunningRead): () => void {
    this.#running.add(read);
    return () => void this.#running.delete(read);
  }

  /** The object is gone. */
  objectDropped(id: string): void {
    for (const { ids, lose } of this.#running) if (ids.includes(id)) lose("relation-dropped");
  }

  /** The cluster is gone. */
  clusterDropped(cluster: string): void {
    for (const read of this.#running) if (read.cluster === cluster) read.lose("cluster-dropped");
  }
}
