/** The ports of one process of the engine, over the simulated network to the simulated services. */
import type { Host } from "../ports/host.ts";
import type { EnginePorts } from "../ports/engine-ports.ts";
import { kafkaClient } from "../sim/kafka/client/kafka-client.ts";
import { postgresClient } from "../sim/postgres/client.ts";
import { postgresPort } from "../sim/postgres/messages.ts";
import { objectStoreClient } from "../sim/s3/object-store-client.ts";
import { objectStorePort } from "../sim/s3/object-store-program.ts";
import { objectStoreHost, postgresHost } from "./topology.ts";

/** Opens nothing by itself. */
export function enginePorts(host: Host): EnginePorts {
  return {
    host,
    kafka: (brokers) => kafkaClient(host, brokers),
    objects: objectStoreClient(host, `${objectStoreHost}:${objectStorePort}`),
    postgres: postgresClient(host, `${postgresHost}:${postgresPort}`),
  };
}
