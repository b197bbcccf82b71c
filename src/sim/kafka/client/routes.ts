/**
 * Which broker a request goes to: any, a partition's leader, a transaction's coordinator. Looked up when first needed and
 * again when an attempt showed that it is wrong; nothing runs while nobody asks. Metadata is asked for whole, because a
 * broker may create a topic that it is asked for by name.
 */
import { micros, type Micros } from "../../../base/time.ts";
import type { Host } from "../../../ports/host.ts";
import type { KafkaAnswer, KafkaApi, KafkaApis, KafkaRpc } from "../../../ports/kafka-rpc.ts";
import type { ClientLimits } from "./attempts.ts";
import { brokerTrouble, netTrouble, type Trouble } from "./error-table.ts";
import { emptyView, leaderOf, mergedView, type MetadataView } from "./metadata-view.ts";

/** Whom a request is for. */
export type Route =
  | { readonly kind: "any" }
  | { readonly kind: "leader"; readonly topic: string; readonly partition: number }
  | { readonly kind: "coordinator"; readonly transactionalId: string };

/** The value of a request, or why there is none. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly trouble: Trouble };

/** One request to one broker; errors of brokers and network become values, all others are bugs and pass. */
export async function attempt<A extends KafkaApi>(
  rpc: KafkaRpc,
  broker: string,
  api: A,
  request: KafkaApis[A]["request"],
  timeout: Micros,
): Promise<Outcome<KafkaApis[A]["reply"]>> {
  let answer: KafkaAnswer<A>;
  try {
    answer = await rpc.request(broker, api, request, { timeout });
  } catch (error) {
    const { code, definite } = error as { readonly code?: unknown; readonly definite?: unknown };
    if (typeof code !== "string" || typeof definite !== "boolean") throw error;
    return { ok: false, trouble: netTrouble({ code, definite }, api) };
  }
  return answer.ok ? answer : { ok: false, trouble: brokerTrouble(answer.error, api) };
}

/** The lookups of one client, with what they found. */
export class Routes {
  readonly #host: Pick<Host, "clock" | "random">;
  readonly #rpc: KafkaRpc;
  readonly #bootstrap: readonly string[];
  readonly #limits: ClientLimits;
  readonly #coordinators = new Map<string, string>();
  #view: MetadataView;
  /** Not yet asked, or known to be wrong somewhere. */
  #isStale = true;
  #refreshedAt = -Infinity;
  #refreshing: Promise<Outcome<MetadataView>> | null = null;
  /** Whose turn it is among the brokers; undefined until the first request. */
  #turn: number | undefined;

  constructor(host: Pick<Host, "clock" | "random">, rpc: KafkaRpc, bootstrap: readonly string[], limits: ClientLimits) {
    this.#host = host;
    this.#rpc = rpc;
    this.#bootstrap = bootstrap;
    this.#limits = limits;
    this.#view = emptyView(bootstrap);
  }

  /** The broker's address. `timeout` bounds each lookup on the way. */
  async find(route: Route, timeout: Micros): Promise<Outcome<string>> {
    switch (route.kind) {
      case "any":
        return { ok: true, value: this.#anyBroker() };
      case "leader":
        return this.#findLeader(route.topic, route.partition, timeout);
      case "coordinator":
        return this.#findCoordinator(route.transactionalId, timeout);
    }
  }

  /** What is known of all topics, asked for anew. Calls that overlap share one request. */
  metadata(timeout: Micros): Promise<Outcome<MetadataView>> {
    this.#refreshing ??= this.#refresh(timeout);
    return this.#refreshing;
  }

  /** Takes to heart what an attempt at `broker` showed. */
  learn(route: Route, broker: string, trouble: Trouble): void {
    if (trouble.retry === "elsewhere") this.#leave(broker);
    const isWrong = trouble.retry === "elsewhere" || trouble.retry === route.kind;
    if (isWrong && route.kind === "leader") this.#isStale = true;
    if (isWrong && route.kind === "coordinator") this.#coordinators.delete(route.transactionalId);
  }

  async #findLeader(topic: string, partition: number, timeout: Micros): Promise<Outcome<string>> {
    let found = leaderOf(this.#view, topic, partition);
    const age = this.#host.clock.monotonic() - this.#refreshedAt;
    if ((this.#isStale || "error" in found) && age >= this.#limits.metadataAge) {
      const answer = await this.metadata(timeout);
      if (!answer.ok) return answer;
      found = leaderOf(this.#view, topic, partition);
    }
    if ("leader" in found) return { ok: true, value: found.leader };
    return { ok: false, trouble: brokerTrouble(found.error, "metadata") };
  }

  async #findCoordinator(transactionalId: string, timeout: Micros): Promise<Outcome<string>> {
    const known = this.#coordinators.get(transactionalId);
    if (known !== undefined) return { ok: true, value: known };
    const broker = this.#anyBroker();
    const answer = await attempt(this.#rpc, broker, "findCoordinator", { transactionalId }, timeout);
    if (answer.ok) {
      this.#coordinators.set(transactionalId, answer.value.coordinator);
      return { ok: true, value: answer.value.coordinator };
    }
    if (answer.trouble.retry === "elsewhere") this.#leave(broker);
    return answer;
  }

  async #refresh(timeout: Micros): Promise<Outcome<MetadataView>> {
    const broker = this.#anyBroker();
    const answer = await attempt(this.#rpc, broker, "metadata", {}, timeout);
    this.#refreshing = null;
    if (!answer.ok) {
      if (answer.trouble.retry === "elsewhere") this.#leave(broker);
      return answer;
    }
    this.#view = mergedView(this.#view, answer.value);
    this.#isStale = false;
    this.#refreshedAt = micros(this.#host.clock.monotonic());
    return { ok: true, value: this.#view };
  }

  /** Brokers that metadata told of, and those that we were started with, in case all of the former have moved. */
  #brokers(): readonly string[] {
    return [...new Set([...this.#view.brokers, ...this.#bootstrap])];
  }

  #anyBroker(): string {
    const brokers = this.#brokers();
    // Clients begin at different brokers, so that not all of them lean on the first.
    this.#turn ??= this.#host.random(brokers.length);
    return brokers[this.#turn % brokers.length]!;
  }

  #leave(broker: string): void {
    if (broker === this.#anyBroker()) this.#turn = this.#turn! + 1;
  }
}
