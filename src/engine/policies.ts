/**
 * Every decision of the engine that is worth breaking, by area, with its correct default. A planted bug overrides a part
 * of one area; nothing in the engine knows of it.
 */
import { catalogPolicies, type CatalogPolicies } from "./catalog/policies.ts";
import { clusterPolicies, type ClusterPolicies } from "./compute/policies.ts";
import { replicaPolicies, type ReplicaPolicies } from "./compute/worker/policies.ts";
import { connectorPolicies, type ConnectorPolicies } from "./connectors/policies.ts";
import { coordinatorPolicies, type CoordinatorPolicies } from "./coordinator/policies.ts";
import { dataflowPolicies, type DataflowPolicies } from "./dataflow/policies.ts";
import { meshPolicies, type MeshPolicies } from "./mesh/policies.ts";
import { persistPolicies, type PersistPolicies } from "./persist/policies.ts";
import { sqlPolicies, type SqlPolicies } from "./sql/policies.ts";

export interface EnginePolicies {
  readonly catalog: CatalogPolicies;
  readonly cluster: ClusterPolicies;
  readonly connectors: ConnectorPolicies;
  readonly coordinator: CoordinatorPolicies;
  readonly dataflow: DataflowPolicies;
  readonly mesh: MeshPolicies;
  readonly persist: PersistPolicies;
  readonly replica: ReplicaPolicies;
  readonly sql: SqlPolicies;
}

export const enginePolicies: EnginePolicies = {
  catalog: catalogPolicies,
  cluster: clusterPolicies,
  connectors: connectorPolicies,
  coordinator: coordinatorPolicies,
  dataflow: dataflowPolicies,
  mesh: meshPolicies,
  persist: persistPolicies,
  replica: replicaPolicies,
  sql: sqlPolicies,
};
