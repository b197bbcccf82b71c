/** What planning knows of clusters, and what statements about them come to. Plain JSON. */

/** Processes of a replica, 1 to 16, and workers of each, 1 to 4: `SIZE '3-2'`. */
export type Size = { readonly processes: number; readonly workers: number };

export interface ResolvedReplica {
  readonly id: string;
  readonly name: string;
  readonly size: Size;
}

export interface ResolvedCluster {
  readonly id: string;
  readonly name: string;
  /** Null: its replicas are made one by one. */
  readonly managed: { readonly size: Size; readonly factor: number } | null;
  readonly replicas: readonly ResolvedReplica[];
}

export interface ClusterLookup {
  cluster(name: string): ResolvedCluster | undefined;
  /** All names, for the nearest match. */
  clusterNames(): readonly string[];
}

export type ClusterPlan =
  /** `replicas` are those of an unmanaged one; a managed one names its own. */
  | {
      readonly kind: "create-cluster";
      readonly name: string;
      readonly managed: ResolvedCluster["managed"];
      readonly replicas: readonly { readonly name: string; readonly size: Size }[];
    }
  /** Replicas of a cluster are changed to what its management says now. `cluster`: id. */
  | {
      readonly kind: "alter-cluster";
      readonly cluster: string;
      readonly managed: NonNullable<ResolvedCluster["managed"]>;
    }
  | { readonly kind: "drop-cluster"; readonly cluster: string; readonly isCascade: boolean }
  /** `cluster`: id. */
  | { readonly kind: "create-replica"; readonly cluster: string; readonly name: string; readonly size: Size }
  /** `cluster` and `replica` are ids, `name` the new one. */
  | { readonly kind: "rename-cluster"; readonly cluster: string; readonly name: string }
  | { readonly kind: "rename-replica"; readonly replica: string; readonly name: string }
  /** `replica`: id. */
  | { readonly kind: "drop-replica"; readonly replica: string };

/** A variable of the session gets a value that was checked. */
export interface SetPlan {
  readonly kind: "set";
  readonly variable: "cluster";
  readonly value: string;
}
