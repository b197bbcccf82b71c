/** The services that the engine stands on: started on their hosts, their controls handed to faults, their state watched. */
import type { Program, World } from "../ports/world.ts";
import type { KafkaCluster } from "../sim/kafka/cluster.ts";
import type { Topology } from "./topology.ts";
import { broker } from "../sim/kafka/broker.ts";
import { kafkaCluster } from "../sim/kafka/cluster.ts";
import { kafkaControls } from "../sim/kafka/controls.ts";
import { postgresControls } from "../sim/postgres/controls.ts";
import { postgresProgram } from "../sim/postgres/program.ts";
import { postgresServer } from "../sim/postgres/server.ts";
import { objectStoreControls } from "../sim/s3/object-store-controls.ts";
import { objectStoreProgram } from "../sim/s3/object-store-program.ts";
import { objectStoreServer } from "../sim/s3/object-store-server.ts";
import { watchShards } from "./shard-watch.ts";
import { brokerHosts, objectStoreHost, postgresHost } from "./topology.ts";

/** Starts S3, Postgres and the brokers. */
export function startServices(world: World, topology: Topology): KafkaCluster {
  const choose = (area: string) => (key: string, n: number) => world.choose(`${area}/${key}`, n);
  const start = (host: string, program: Program): void =>
    world.host(host).start(program, { restart: "always", backoff: "1s", backoffMax: "4s", ambient: "ports" });

  const objects = objectStoreServer({ choose: choose("s3") });
  start(objectStoreHost, objectStoreProgram(objects));
  world.provide("object-store", objectStoreControls(objects));

  const postgres = postgresServer({ choose: choose("postgres") });
  start(postgresHost, postgresProgram(postgres));
  world.provide("postgres", postgresControls(postgres));
  watchShards(world, postgres, objects);

  const hosts = brokerHosts(topology);
  const cluster = kafkaCluster({ brokers: hosts, choose: choose("kafka") });
  for (const [place, host] of hosts.entries()) start(host, broker(cluster, place));
  world.provide("kafka", kafkaControls(cluster));
  return cluster;
}
