/** Which cluster a statement means: the one that it names, or the session's. */
import type { ClusterLookup, ResolvedCluster } from "../cluster-plan.ts";
import type { CreateStatement, Name } from "../syntax/statement.ts";
import { nearestHint, SqlError, sqlStates } from "../sql-error.ts";

/** The cluster that every catalog begins with. */
export const defaultCluster = "default";

/** A catalog with no other cluster than that, and no replica. */
export const oneCluster: ClusterLookup = {
  cluster: (name) => (name === defaultCluster ? { id: "c1", name, managed: null, replicas: [] } : undefined),
  clusterNames: () => [defaultCluster],
};

export class ClusterScope {
  readonly #clusters: ClusterLookup;
  readonly #session: string;

  constructor(clusters: ClusterLookup, session: string) {
    this.#clusters = clusters;
    this.#session = session;
  }

  /** The statement with its cluster in it, unless that is the one that is meant when none is named. */
  placed<S extends CreateStatement>(statement: S): S {
    if (!("cluster" in statement)) return statement;
    const { cluster, kind } = statement;
    if (kind === "create-view") return statement;
    const text = cluster?.text ?? this.#session;
    return { ...statement, cluster: text === defaultCluster ? undefined : { text, position: cluster?.position ?? 1 } };
  }

  /** Id of the cluster that a statement is for. 42704 when there is none, at its place if the statement names it. */
  idFor(statement: CreateStatement): string {
    const named = "cluster" in statement ? statement.cluster : undefined;
    return clusterNamed(this.#clusters, named ?? { text: this.#session }).id;
  }
}

/** The cluster of that name. 42704 when there is none; without a place where no statement names it. */
export function clusterNamed(
  clusters: ClusterLookup,
  { text, position }: Pick<Name, "text"> & Partial<Name>,
): ResolvedCluster {
  const cluster = clusters.cluster(text);
  if (cluster !== undefined) return cluster;
  throw new SqlError(sqlStates.noSuchObject, `cluster "${text}" does not exist`, {
    hint: nearestHint(text, clusters.clusterNames()),
    position,
  });
}
