/**
 * The program of one broker: it answers the requests of `ports/kafka-rpc.ts` and beats once a tick. Everything durable
 * is in the cluster; a process that dies loses its long polls and its views, and a successor begins with a beat. Left
 * out of the whole cluster: replicas with other contents than their leader's (one that lags only does not count as in
 * sync), consumer groups, quotas, authentication, automatic creation of topics, growing them.
 */
import type { Connection, Host } from "../../ports/host.ts";
import type { Program } from "../../ports/world.ts";
import type { End } from "../../machine/network/end.ts";
import { micros } from "../../base/time.ts";
import { serveRpc } from "../../machine/network/rpc.ts";
import { kafkaPort, type KafkaCluster } from "./cluster.ts";
import { PartitionLeader } from "./leader.ts";
import { Membership } from "./membership.ts";
import { tell } from "./observation.ts";
import { disturbed, hitOf } from "./request-faults.ts";
import { BadRequest, type KafkaRequest } from "./requests.ts";
import { TopicAdmin } from "./topics.ts";
import { TransactionCoordinator } from "./transaction/coordinator.ts";
import { markerWriter } from "./transaction/markers.ts";

/** The broker at a place of the cluster; to be started on the host of that name. */
export function broker(cluster: KafkaCluster, place: number): Program {
  return async (host) => {
    const own = new Broker(host, cluster, place);
    await own.listen();
    host.onStop(() => {
      own.leave();
      host.exit(0, "asked to stop");
    });
    for (;;) {
      await host.sleep(micros(cluster.knobs.tickMicros));
      own.tick();
    }
  };
}

class Broker {
  readonly #host: Host;
  readonly #cluster: KafkaCluster;
  readonly #place: number;
  readonly #membership: Membership;
  readonly #topics: TopicAdmin;
  readonly #leader: PartitionLeader;
  readonly #coordinator: TransactionCoordinator;
  #isJoined = false;
  #lastTick = 0;

  constructor(host: Host, cluster: KafkaCluster, place: number) {
    this.#host = host;
    this.#cluster = cluster;
    this.#place = place;
    this.#membership = new Membership(host, cluster, place);
    this.#topics = new TopicAdmin(host, cluster);
    this.#leader = new PartitionLeader(host, cluster, place, this.#topics);
    const markers = markerWriter(host, cluster, place, (request) => this.#leader.writeMarkers(request));
    this.#coordinator = new TransactionCoordinator(host, cluster, place, markers);
  }

  /** A predecessor that dies slowly has the port, and with it what this broker leads. */
  async listen(): Promise<void> {
    for (;;) {
      try {
        // Not `listen`: only who holds the connection can lose an answer on it.
        await this.#host.accept(kafkaPort, (connection) => this.#serve(connection));
        return this.#join();
      } catch (error) {
        if ((error as { code?: unknown } | null)?.code !== "EADDRINUSE") throw error;
      }
      await this.#host.sleep("1s");
    }
  }

  tick(): void {
    this.#tellNews();
    this.#membership.tick();
    this.#topics.refresh();
    const now = this.#host.clock.monotonic();
    this.#coordinator.tick(Math.floor((now - this.#lastTick) / 1_000));
    this.#lastTick = now;
  }

  /** Hands over what this broker has. */
  leave(): void {
    this.#tellNews();
    this.#membership.leave();
  }

  /** The first request may be here before the port is known to be. */
  #join(): void {
    if (this.#isJoined) return;
    this.#isJoined = true;
    this.#lastTick = this.#host.clock.monotonic();
    this.#membership.beat();
    this.#leader.recover();
    this.#coordinator.takeOver();
    this.#topics.refresh();
  }

  #serve(connection: Connection): void {
    serveRpc(connection as End, (request: KafkaRequest) => this.#handle(request, connection));
  }

  async #handle(request: KafkaRequest, connection: Connection): Promise<unknown> {
    this.#join();
    this.#tellNews();
    const { slowByMicros } = this.#cluster.members[this.#place]!;
    if (slowByMicros > 0) {
      tell(this.#host, "kafka.slowed", { broker: this.#host.name, api: request.api });
      await this.#host.sleep(micros(slowByMicros));
    }
    const by = connection.peer.host;
    const hit = hitOf(this.#cluster, by, request);
    if (hit === undefined) return this.#answer(request, by);
    const scene = { host: this.#host, cluster: this.#cluster, connection };
    return disturbed(scene, hit, request.api, () => this.#answer(request, by));
  }

  #answer(request: KafkaRequest, by: string): unknown {
    switch (request.api) {
      case "metadata":
        return this.#topics.metadata(request);
      case "createTopic":
        return this.#topics.create(request, by);
      case "deleteTopic":
        return this.#topics.delete(request, by);
      case "listOffsets":
        return this.#leader.listOffsets(request);
      case "fetch":
        return this.#leader.fetch(request);
      case "produce":
        return this.#leader.produce(request, by);
      case "writeTxnMarkers":
        return this.#leader.writeMarkers(request);
      case "findCoordinator":
        return this.#coordinator.find(request);
      case "initProducerId":
        return this.#coordinator.init(request, by);
      case "addPartitionsToTxn":
        return this.#coordinator.add(request, by);
      case "endTxn":
        return this.#coordinator.end(request, by);
      default:
        throw new BadRequest("an API that brokers do not know");
    }
  }

  /** What faults did to the cluster is told by the first broker that does anything after it. */
  #tellNews(): void {
    const { news } = this.#cluster;
    if (news.length === 0) return;
    for (const { kind, data } of news.splice(0)) tell(this.#host, kind, data as never);
  }
}
