/** Clusters as planning sees them: what the catalog says now. */
import type { CatalogContents } from "../../catalog/contents.ts";
import type { ClusterLookup } from "../../sql/cluster-plan.ts";
import { clustersOf } from "../../catalog/clusters.ts";

/** Looks into `contents` whenever it is asked. */
export function clusterLookup(contents: CatalogContents): ClusterLookup {
  return {
    cluster: (name) => clustersOf(contents).find((cluster) => cluster.name === name),
    clusterNames: () => clustersOf(contents).map(({ name }) => name),
  };
}
