import { describe, expect, it } from "vitest";
import type { ClusterCommand } from "../../../../src/engine/compute/protocol.ts";
import type { ControlEffect, ControlEvent, ControlState } from "../../../../src/engine/compute/worker/head/control.ts";
import { initialControl, nextControl } from "../../../../src/engine/compute/worker/head/control.ts";
import { replicaPolicies, type ReplicaPolicies } from "../../../../src/engine/compute/worker/policies.ts";
import { peek, view } from "./objects.ts";

const hello = (epoch: number, generation = 1): ClusterCommand => ({
  kind: "hello",
  nonce: `n${generation}.${epoch}`,
  owner: { generation, epoch },
});
const create = (id: string, changes = {}): ClusterCommand => ({ kind: "create", object: view(id, changes) });
const complete: ClusterCommand = { kind: "initialization-complete" };

/** One line for each effect. */
function line(effect: ControlEffect): string {
  switch (effect.kind) {
    case "respond": {
      const { response } = effect;
      const what = response.kind === "frontier" ? `frontier ${response.id} ${response.upper}` : response.kind;
      return `${effect.connection} < ${what}`;
    }
    case "close":
      return `close ${effect.connection}`;
    case "direct": {
      const { directive } = effect;
      if (directive.kind === "owner") return `owner ${directive.owner.generation}.${directive.owner.epoch}`;
      if (directive.kind === "create") return `create ${directive.object.id} as ${directive.number}`;
      return `${directive.kind} ${directive.number}`;
    }
    case "reconciled":
      return `reconciled ${effect.nonce}: kept ${effect.kept.map(({ object }) => object.id).join()}`;
    case "peek-answered":
      return `answered ${effect.peek.uuid}`;
    case "halt":
      return "halt";
  }
}

class Script {
  state: ControlState = initialControl;
  readonly #policies: ReplicaPolicies;

  constructor(policies: Partial<ReplicaPolicies> = {}) {
    this.#policies = { ...replicaPolicies, ...policies };
  }

  event(event: ControlEvent): readonly string[] {
    const [state, effects] = nextControl(this.state, event, this.#policies);
    this.state = state;
    return effects.map(line);
  }

  say(connection: number, ...commands: readonly ClusterCommand[]): readonly string[] {
    return commands.flatMap((command) => this.event({ kind: "command", connection, command }));
  }

  get runs(): readonly string[] {
    return this.state.installed.map(({ object }) => object.id);
  }
}

describe("control of a replica", () => {
  it("changes nothing before initialization is complete, then all at once", () => {
    const script = new Script();
    expect(script.say(1, hello(1), create("a"), create("b"), { kind: "drop", id: "a" })).toEqual([]);
    expect(script.say(1, complete)).toEqual(["owner 1.1", "create b as 1", "reconciled n1.1: kept "]);
  });

  it("forgets what a connection said that ended before initialization was complete", () => {
    const script = new Script();
    script.say(1, hello(1), create("a"), complete);
    expect(script.say(2, hello(2), create("b"))).toEqual(["1 < fenced", "close 1"]);
    expect(script.event({ kind: "closed", connection: 2 })).toEqual([]);
    expect(script.runs).toEqual(["a"]);
  });

  it("drops what was not mentioned yet when an abandoned connection is reconciled with", () => {
    const script = new Script({ afterDisconnect: () => "reconcile" });
    script.say(1, hello(1), create("a"), complete);
    script.say(2, hello(2), create("b"));
    script.event({ kind: "closed", connection: 2 });
    expect(script.runs).toEqual(["b"]);
  });

  it("keeps what is the same, replaces what differs and drops the rest, without a word about frontiers", () => {
    const script = new Script();
    script.say(1, hello(1), create("a"), create("b"), create("c"), complete);
    const other = create("b", { incarnation: 2 });
    expect(script.say(2, hello(2), create("a"), other, create("d"), complete)).toEqual([
      "1 < fenced",
      "close 1",
      "owner 1.2",
      "drop 2",
      "drop 3",
      "create b as 4",
      "create d as 5",
      "reconciled n1.2: kept a",
    ]);
    expect(script.runs).toEqual(["a", "b", "d"]);
  });

  it("seals what is replaced when it reports an empty frontier of it", () => {
    const script = new Script({ frontierOfReplaced: () => null });
    script.say(1, hello(1), create("a"), complete);
    const effects = script.say(2, hello(2), create("a", { incarnation: 2 }), complete);
    expect(effects).toContain("2 < frontier a null");
  });

  it("refuses a hello below the last owner, and goes on with the newest connection of equal ones", () => {
    const script = new Script();
    script.say(1, hello(2), complete);
    expect(script.say(2, hello(1))).toEqual(["2 < fenced", "close 2"]);
    expect(script.say(2, create("a"), complete)).toEqual([]);
    expect(script.say(3, hello(9, 0))).toEqual(["3 < fenced", "close 3"]);
    expect(script.say(4, hello(2))).toEqual(["close 1"]);
    expect(script.say(1, create("a"))).toEqual([]);
    expect(script.say(4, hello(2), complete, create("a"))).toContain("create a as 1");
  });

  it("answers pings of the connection that counts alone", () => {
    const script = new Script();
    expect(script.say(1, { kind: "ping" })).toEqual([]);
    expect(script.say(1, hello(1), { kind: "ping" })).toEqual(["1 < pong"]);
    script.say(2, hello(1));
    expect(script.say(1, { kind: "ping" })).toEqual([]);
  });

  it("carries out live commands in their order, and passes over those that change nothing", () => {
    const script = new Script();
    script.say(1, hello(1), complete);
    expect(script.say(1, create("a"), create("a"), { kind: "drop", id: "x" })).toEqual(["create a as 1"]);
    expect(script.say(1, create("a", { incarnation: 2 }))).toEqual(["drop 1", "create a as 2"]);
    expect(script.say(1, { kind: "drop", id: "a" })).toEqual(["drop 2"]);
    expect(script.runs).toEqual([]);
  });

  it("ignores what is about nothing that it runs, unless such a command is taken for an error", () => {
    const stale: readonly ClusterCommand[] = [
      { kind: "drop", id: "x" },
      { kind: "cancel-peek", uuid: "p" },
    ];
    const strict: Partial<ReplicaPolicies> = { staleCommand: () => "halt" };
    const [sound, broken] = [new Script(), new Script(strict)];
    for (const script of [sound, broken]) script.say(1, hello(1), create("a"), complete);
    expect(sound.say(1, ...stale)).toEqual([]);
    expect(broken.say(1, ...stale)).toEqual(["halt", "halt"]);
    expect(broken.say(1, { kind: "drop", id: "a" })).toEqual(["drop 1"]);
  });

  it("answers a peek once, and ends peeks that are cancelled or whose connection is gone", () => {
    const script = new Script();
    const outcome = { ok: true, rows: [] } as const;
    expect(script.say(1, hello(1), { kind: "peek", peek: peek("p") }, complete)).toContain("peek 1");
    expect(script.event({ kind: "answered", number: 1, outcome })).toEqual(["answered p", "1 < peek-answer"]);
    expect(script.event({ kind: "answered", number: 1, outcome })).toEqual([]);
    expect(script.say(1, { kind: "cancel-peek", uuid: "p" })).toEqual([]);
    script.say(1, { kind: "peek", peek: peek("q") }, { kind: "peek", peek: peek("r") });
    expect(script.say(1, { kind: "cancel-peek", uuid: "q" })).toEqual(["drop 2"]);
    expect(script.event({ kind: "closed", connection: 1 })).toEqual(["drop 3"]);
    expect(script.event({ kind: "answered", number: 3, outcome })).toEqual([]);
  });

  it("ends a failed peek in all processes", () => {
    const script = new Script();
    script.say(1, hello(1), complete, { kind: "peek", peek: peek("p") });
    const outcome = { ok: false, errors: [] } as const;
    expect(script.event({ kind: "answered", number: 1, outcome })).toEqual(["answered p", "1 < peek-answer", "drop 1"]);
  });

  it("makes anew what fell behind, unless it is gone", () => {
    const script = new Script();
    script.say(1, hello(1), complete, create("a"));
    expect(script.event({ kind: "behind", number: 1 })).toEqual(["drop 1", "create a as 2"]);
    expect(script.event({ kind: "behind", number: 1 })).toEqual([]);
    expect(script.runs).toEqual(["a"]);
  });
});
