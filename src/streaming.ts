/**
 * `wavetank/engine`: a whole streaming database to put into a scenario, with the services that it stands on. Importing it
 * loads PostgreSQL's parser, which must be ready before a run begins.
 */
import { loadPgParser } from "./base/pg-parser.ts";

export { enginePolicies, type EnginePolicies } from "./engine/policies.ts";
export { controllerPolicies } from "./engine/mesh/policies.ts";
export { formingBound, meshTiming, silenceBound } from "./engine/mesh/timing.ts";
export { MeshLaboratory, type MeshLaboratoryOptions } from "./world/mesh-laboratory.ts";
export { SqlRefusal, SqlUnavailable, SqlUnknown, type SqlRow, type SqlSession } from "./world/sql-session.ts";
export { isTransient, StreamingWorld, type StreamingWorldOptions } from "./world/streaming-world.ts";
export {
  brokerAddresses,
  brokerHosts,
  environmentHost,
  objectStoreHost,
  postgresHost,
  replicaHosts,
  type Topology,
} from "./world/topology.ts";

await loadPgParser();
