/**
 * The controller of a cluster: keeps the history of commands for its replicas, and merges what they report. Replicas
 * compute the same, so the furthest frontier and the first answer to a peek count. What is late is ignored.
 */
import type { ClusterContext, ClusterController, CreateController } from "../coordinator/cluster.ts";
import type { Frontier } from "../collection.ts";
import type { ClusterCommand, ClusterResponse, Peek, PeekOutcome, RenderedObject } from "./protocol.ts";
import type { ReplicaAddress } from "./replica-link.ts";
import { isBeyond } from "../collection.ts";
import { emptyHistory, nextHistory, replay, type CommandHistory } from "./history.ts";
import { ReplicaLink } from "./replica-link.ts";

/** A factory of controllers for a cluster of these replicas. */
export function clusterController(replicas: readonly ReplicaAddress[]): CreateController {
  return (context) => new Controller(context, replicas);
}

class Controller implements ClusterController {
  readonly #context: ClusterContext;
  readonly #links: readonly ReplicaLink[];
  readonly #answers = new Map<string, (outcome: PeekOutcome) => void>();
  /** The furthest reported, by object, of its present incarnation. */
  readonly #frontiers = new Map<string, Frontier>();
  #history: CommandHistory = emptyHistory;

  constructor(context: ClusterContext, replicas: readonly ReplicaAddress[]) {
    this.#context = context;
    this.#links = replicas.map(
      (replica) =>
        new ReplicaLink({
          ports: context.ports,
          replica,
          owner: context.owner,
          replay: () => this.#replayed(),
          onResponse: (response) => this.#heard(response),
        }),
    );
  }

  create(object: RenderedObject): void {
    if (this.#history.objects.get(object.id)?.incarnation !== object.incarnation) this.#frontiers.delete(object.id);
    this.#tell({ kind: "create", object });
  }

  drop(id: string): void {
    if (!this.#history.objects.has(id)) return;
    this.#frontiers.delete(id);
    this.#tell({ kind: "drop", id });
  }

  initializationComplete(): void {
    this.#history = nextHistory(this.#history, { kind: "initialization-complete" });
    // Connections that were made before were told nothing yet.
    for (const command of this.#replayed()) for (const link of this.#links) link.send(command);
  }

  peek(peek: Peek): Promise<PeekOutcome> {
    return new Promise((resolve) => {
      this.#answers.set(peek.uuid, resolve);
      this.#tell({ kind: "peek", peek });
    });
  }

  cancelPeek(uuid: string): void {
    if (!this.#answers.delete(uuid)) return;
    this.#tell({ kind: "cancel-peek", uuid });
  }

  /** The history with objects as they are to be rendered now: what was readable at their creation may not be any more. */
  #replayed(): readonly ClusterCommand[] {
    const { listener } = this.#context;
    return replay(this.#history).map((command) => {
      if (command.kind !== "create") return command;
      return { kind: "create", object: listener.atReplay?.(command.object) ?? command.object };
    });
  }

  #tell(command: ClusterCommand): void {
    this.#history = nextHistory(this.#history, command);
    if (!this.#history.isInitialized) return;
    for (const link of this.#links) link.send(command);
  }

  #heard(response: ClusterResponse): void {
    const { listener } = this.#context;
    switch (response.kind) {
      case "fenced":
        return listener.onFenced(response.by);
      case "frontier":
        return this.#advanced(response.id, response.incarnation, response.upper);
      case "status":
        return listener.onStatus(response.update);
      case "peek-answer":
        return this.#answered(response.uuid, response.outcome);
      case "pong":
        return;
    }
  }

  #advanced(id: string, incarnation: number, upper: Frontier): void {
    if (this.#history.objects.get(id)?.incarnation !== incarnation) return;
    const known = this.#frontiers.get(id);
    if (known === null || (known !== undefined && !isBeyond(upper, known))) return;
    this.#frontiers.set(id, upper);
    this.#context.listener.onFrontier(id, incarnation, upper);
  }

  #answered(uuid: string, outcome: PeekOutcome): void {
    const answer = this.#answers.get(uuid);
    if (answer === undefined) return;
    this.#answers.delete(uuid);
    // The other replicas need not go on with it.
    this.#tell({ kind: "cancel-peek", uuid });
    answer(outcome);
  }
}
