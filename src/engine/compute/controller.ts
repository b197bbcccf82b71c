/**
 * The controller of a cluster: keeps the history of commands for its replicas, which come and go, and merges what they
 * report. Replicas compute the same, so the furthest frontier and the first answer to a query count; sources and sinks run
 * on one of them alone, and move to another when it is dropped. What is late is ignored.
 */
import type { ClusterContext, ClusterController, CreateController } from "../coordinator/cluster.ts";
import type { Frontier } from "../collection.ts";
import type { ClusterPolicies } from "./policies.ts";
import type { PeekLives } from "./peek-lives.ts";
import type { ClusterResponse, Peek, PeekOutcome, RenderedObject } from "./protocol.ts";
import type { OfflineReason, ReplicaAddress } from "./replica-link.ts";
import { Frontiers } from "./frontiers.ts";
import { emptyHistory, nextHistory, objectsOf, replay, type CommandHistory, type HistoryEvent } from "./history.ts";
import { givenUp, isHopeless, lived } from "./peek-lives.ts";
import { clusterPolicies } from "./policies.ts";
import { ReplicaLink } from "./replica-link.ts";

/** A factory of controllers for a cluster that begins with these replicas. */
export function clusterController(
  replicas: readonly ReplicaAddress[] = [],
  policies: ClusterPolicies = clusterPolicies,
): CreateController {
  return (context) => {
    const controller = new Controller(context, policies);
    for (const replica of replicas) controller.addReplica(replica);
    return controller;
  };
}

interface Linked {
  readonly name: string;
  readonly link: ReplicaLink;
  /** Of the replica that has reconciled with the present connection; null before. */
  life: string | null;
  /** As the coordinator was told. */
  state: string;
}

interface Asked {
  readonly peek: Peek;
  readonly answer: (outcome: PeekOutcome) => void;
  lives: PeekLives;
}

class Controller implements ClusterController {
  readonly #context: ClusterContext;
  readonly #policies: ClusterPolicies;
  readonly #replicas = new Map<string, Linked>();
  readonly #asked = new Map<string, Asked>();
  readonly #frontiers = new Frontiers();
  #history: CommandHistory = emptyHistory;

  constructor(context: ClusterContext, policies: ClusterPolicies) {
    this.#context = context;
    this.#policies = policies;
  }

  addReplica(replica: ReplicaAddress): void {
    const { name } = replica;
    if (this.#replicas.has(name)) return;
    this.#remember({ kind: "add-replica", name });
    const { ports, owner } = this.#context;
    const link = new ReplicaLink({
      ports,
      replica,
      owner,
      policies: this.#policies,
      replay: () => replay(this.#history, name, this.#policies),
      // What was readable at its creation may not be any more.
      present: (object) => this.#context.listener.atReplay?.(object, name) ?? object,
      onMentioned: (nonce, objects) => this.#mentioned(name, nonce, objects),
      onResponse: (response) => this.#heard(linked, response),
      onOffline: (reason) => this.#offline(linked, reason),
    });
    const linked: Linked = { name, link, life: null, state: "" };
    this.#replicas.set(name, linked);
  }

  dropReplica(name: string): void {
    const linked = this.#replicas.get(name);
    if (linked === undefined) return;
    // It may live on for a while: what it is told now it does not have to find out by being fenced.
    const before = this.#runOn(name);
    for (const { id } of before) linked.link.send({ kind: "drop", id });
    const others = new Map([...this.#replicas.keys()].map((other) => [other, this.#runOn(other)]));
    this.#remember({ kind: "drop-replica", name });
    this.#replicas.delete(name);
    this.#frontiers.forgetReplica(name);
    linked.link.stop();
    for (const other of this.#replicas.values()) {
      const known = new Set(others.get(other.name));
      for (const object of this.#runOn(other.name)) if (!known.has(object)) other.link.send({ kind: "create", object });
    }
    this.#giveUp();
  }

  create(object: RenderedObject): void {
    if (this.#history.objects.get(object.id)?.incarnation !== object.incarnation) {
      this.#frontiers.forgetObject(object.id);
    }
    this.#remember({ kind: "create", object });
    for (const { link } of this.#runningOn(object)) link.send({ kind: "create", object });
  }

  drop(id: string): void {
    const object = this.#history.objects.get(id);
    if (object === undefined) return;
    this.#frontiers.forgetObject(id);
    for (const { link } of this.#runningOn(object)) link.send({ kind: "drop", id });
    this.#remember({ kind: "drop", id });
  }

  initializationComplete(): void {
    this.#remember({ kind: "initialization-complete" });
    for (const { link } of this.#replicas.values()) link.send({ kind: "initialization-complete" });
  }

  peek(peek: Peek): Promise<PeekOutcome> {
    return new Promise((resolve) => {
      const asked: Asked = { peek, answer: resolve, lives: new Map() };
      this.#asked.set(peek.uuid, asked);
      for (const linked of this.#replicas.values()) this.#ask(linked, asked);
    });
  }

  cancelPeek(uuid: string): void {
    const asked = this.#asked.get(uuid);
    if (asked === undefined) return;
    this.#asked.delete(uuid);
    this.#cancel(asked);
  }

  #remember(event: HistoryEvent): void {
    this.#history = nextHistory(this.#history, event, this.#policies);
  }

  #runOn(replica: string): readonly RenderedObject[] {
    return objectsOf(this.#history, replica, this.#policies);
  }

  #runningOn(object: RenderedObject): readonly Linked[] {
    const { replicas } = this.#history;
    return [...this.#replicas.values()].filter(({ name }) => this.#policies.runsOn(object, name, replicas));
  }

  /** The replica hears that these are all. */
  #mentioned(replica: string, nonce: string, all: readonly RenderedObject[]): void {
    const { ports, owner, cluster = null } = this.#context;
    const isOldest = this.#history.replicas[0] === replica;
    const objects = all.map((object) => [object.id, object.kind === "ingestion" ? null : object.asOf] as const);
    ports.host.emit("controller.mentioned", { replica, nonce, cluster, isOldest, objects, ...owner });
  }

  #heard(linked: Linked, response: ClusterResponse): void {
    const { listener } = this.#context;
    switch (response.kind) {
      case "fenced":
        return listener.onFenced(response.by);
      case "reconciled":
        return this.#online(linked, response.life);
      case "frontier":
        return this.#advanced(linked.name, response.id, response.incarnation, response.upper);
      case "status":
        return listener.onStatus(response.update);
      case "peek-answer":
        return this.#answered(response.uuid, response.outcome, linked);
      case "pong":
        return;
    }
  }

  #online(linked: Linked, life: string): void {
    linked.life = life;
    this.#frontiers.forgetReplica(linked.name);
    this.#show(linked, "online", "connected");
    for (const asked of this.#asked.values()) this.#ask(linked, asked);
    this.#giveUp();
  }

  #offline(linked: Linked, reason: OfflineReason): void {
    linked.life = null;
    this.#show(linked, "offline", reason);
  }

  #show(linked: Linked, state: "online" | "offline", reason: string): void {
    if (linked.state === `${state} ${reason}`) return;
    linked.state = `${state} ${reason}`;
    this.#context.listener.onReplica?.(linked.name, state, reason);
  }

  #advanced(replica: string, id: string, incarnation: number, upper: Frontier): void {
    if (!this.#policies.isHeard(incarnation, this.#history.objects.get(id)?.incarnation)) return;
    const { isNews, isFurthest } = this.#frontiers.reported(replica, id, upper);
    const { listener } = this.#context;
    if (isNews) listener.onReplicaFrontier?.(replica, id, incarnation, upper);
    if (isFurthest) listener.onFrontier(id, incarnation, upper);
  }

  /** Asks a replica, if it is there and may be asked. */
  #ask({ name, link, life }: Linked, asked: Asked): void {
    if (life === null || !this.#history.isInitialized) return;
    const [lives, isAsked] = lived(asked.lives, name, life, this.#policies);
    asked.lives = lives;
    if (isAsked) link.send({ kind: "peek", peek: asked.peek });
  }

  /** Answers what no replica is left for. */
  #giveUp(): void {
    const { replicas } = this.#history;
    for (const [uuid, { lives }] of this.#asked) {
      if (isHopeless(lives, replicas, this.#policies)) this.#answered(uuid, givenUp);
    }
  }

  #answered(uuid: string, outcome: PeekOutcome, by?: Linked): void {
    const asked = this.#asked.get(uuid);
    if (asked === undefined) return;
    this.#asked.delete(uuid);
    // The others need not go on with it.
    this.#cancel(asked, by);
    asked.answer(outcome);
  }

  /** Calls off a query at the replicas that were asked in the life that they are in. */
  #cancel({ peek, lives }: Asked, but?: Linked): void {
    for (const linked of this.#replicas.values()) {
      const { name, link, life } = linked;
      const known = lives.get(name);
      if (linked === but || known === undefined || known.life !== life) continue;
      if (this.#policies.mayAskAgain(known.ended)) link.send({ kind: "cancel-peek", uuid: peek.uuid });
    }
  }
}
