/**
 * Connectors whose brokers are all dead for so long that it has to show. The time counts only while nothing else is in
 * the way: one environment leads, its replica's mesh is formed and knows what to run, and no fault but those of Kafka is
 * in force or was lately. For a sink it counts from when its input has moved on far enough that the sink has to write.
 *
 * A source's longest poll takes 3 s on top of the 10 s within which every call of its client ends, and what it then
 * reports is stored within 2 s: 20 s leave room. A sink that has to write needs one call of 10 s to fail and another one
 * to give its transaction up: 30 s. Both are shorter than what a new rendering needs to fail for the first time only
 * where its own clock has just begun. Backoffs between attempts (16 s) need no room: the status stays what it is.
 */
import type { JsonObject } from "../../base/json.ts";
import type { Micros } from "../../base/time.ts";
import type { Frontier } from "../state/frontier.ts";
import type { Observed } from "../state/observed.ts";
import { Collections } from "../state/collections.ts";
import { brokerHosts, connectionOf, sinkStatement } from "../state/connector-statement.ts";
import { StatusHistory, type StatusRow } from "./status-history.ts";

const second = 1_000_000;
/** After these, µs of virtual time, an outage shows. */
const showsAfter = { source: 20 * second, sink: 30 * second } as const;
/** So far the input of a sink goes on before the sink has to write, ms of the input's time. */
const inputMillis = 5_000;
/**
 * What a fault leaves behind is over so long after it, µs: the longest backoff of a session with Postgres. Where only
 * processes of the engine died, that is what they do between being started and being seen to work, and the time for which
 * they may linger.
 */
const aftermath = { any: 75 * second, ofEngine: 5 * second } as const;
/** Faults that are over when they have struck, but for processes that take their time to die. */
const deaths: readonly string[] = ["process.crash", "process.slow-death", "process.graceful-stop", "replica.crash"];

interface Connector {
  readonly id: string;
  readonly name: string;
  readonly kind: "source" | "sink";
  readonly brokers: readonly string[];
  /** Of a sink, the id of its input. */
  readonly from: string | undefined;
  readonly createdAt: Micros;
}

/** The input of a sink since a moment. */
interface Advance {
  readonly start: number;
  readonly base: Frontier;
  since: number | null;
}

/** A connector that an outage has lasted for. */
export interface Overdue {
  readonly id: string;
  readonly name: string;
  readonly kind: "source" | "sink";
  readonly latest: StatusRow | undefined;
  /** Seconds. */
  readonly lasted: number;
}

export class OutageWatch {
  readonly #collections = new Collections();
  readonly #history = new StatusHistory();
  readonly #connectors = new Map<string, Connector>();
  /** Live processes by host. */
  readonly #alive = new Map<string, Set<string>>();
  /** Since when a host has no live process. */
  readonly #deadSince = new Map<string, number>();
  readonly #advances = new Map<string, Advance>();
  readonly #formed = new Map<string, Map<number, string>>();
  /** Since when a replica's mesh is formed by live processes. */
  readonly #formedSince = new Map<string, number>();
  /** By replica: the process that its commands are from, and since when they are in force. */
  readonly #reconciled = new Map<string, { readonly by: string; readonly since: number }>();
  #leading: { readonly process: string; readonly replica: string; readonly since: number } | null = null;
  #disturbances = 0;
  #quietSince = 0;

  started({ host, process }: Observed["process.started"]): void {
    const alive = this.#alive.get(host) ?? new Set();
    this.#alive.set(host, alive.add(process));
    this.#deadSince.delete(host);
  }

  ended({ host, process }: { readonly host: string; readonly process: string }, now: Micros): void {
    const alive = this.#alive.get(host);
    alive?.delete(process);
    if (alive?.size === 0) this.#deadSince.set(host, now);
    if (this.#leading?.process === process) this.#leading = null;
    for (const [replica, members] of this.#formed) {
      for (const [index, member] of members) if (member === process) this.unformed(replica, index);
    }
  }

  injected({ fault, params }: WatchedEvents["fault.injected"], now: Micros): void {
    if (fault.startsWith("kafka.")) return;
    if (!deaths.includes(fault)) {
      this.#disturbances++;
      return;
    }
    const host = params?.["host"];
    const isOfEngine = fault === "replica.crash" || (typeof host === "string" && /^(env|clusterd)-/.test(host));
    this.#quietSince = Math.max(this.#quietSince, now + (isOfEngine ? aftermath.ofEngine : aftermath.any));
  }

  healed({ fault }: WatchedEvents["fault.healed"], now: Micros): void {
    if (fault.startsWith("kafka.") || deaths.includes(fault)) return;
    this.#disturbances--;
    this.#quietSince = Math.max(this.#quietSince, now + aftermath.any);
  }

  leads(generation: number, process: string, now: Micros): void {
    this.#leading = { process, replica: `g${generation}-r1`, since: now };
  }

  reconciled({ replica, nonce }: Observed["replica.reconciled"], now: Micros): void {
    this.#reconciled.set(replica, { by: nonce.split("/")[0]!, since: now });
  }

  formed({ replica, index, size }: Observed["mesh.formed"], process: string, now: Micros): void {
    const members = this.#formed.get(replica) ?? new Map<number, string>();
    this.#formed.set(replica, members.set(index, process));
    if (members.size >= size) this.#formedSince.set(replica, now);
  }

  unformed(replica: string, index: number): void {
    this.#formed.get(replica)?.delete(index);
    this.#formedSince.delete(replica);
  }

  /** Takes in a change of a shard. With each append to tables, what is overdue. */
  changed(event: Observed["shard.changed"], now: Micros): readonly Overdue[] {
    for (const { id, kind, name, sql } of this.#collections.changed(event).added) {
      if (kind !== "source" && kind !== "sink") continue;
      const { catalog } = this.#collections;
      const brokers = brokerHosts(catalog.named(connectionOf(sql))?.sql ?? "");
      const from = kind === "sink" ? catalog.named(sinkStatement(sql).from)?.id : undefined;
      this.#connectors.set(id, { id, name, kind, brokers, from, createdAt: now });
    }
    this.#history.changed(event);
    const isTick = event.shard === "tables" && event.change === "append";
    // Nothing is dead most of the time.
    if (!isTick || this.#deadSince.size === 0 || this.#leading === null || this.#disturbances > 0) return [];
    return [...this.#connectors.values()].flatMap((connector) => this.#overdue(connector, now));
  }

  #overdue(connector: Connector, now: Micros): readonly Overdue[] {
    const { id, name, kind } = connector;
    if (!this.#collections.catalog.items.has(id)) return [];
    const start = this.#startOf(connector);
    const since = start === undefined || kind === "source" ? start : this.#mustWriteSince(connector, start, now);
    if (since === undefined || now - since < showsAfter[kind]) return [];
    return [{ id, name, kind, latest: this.#history.latest.get(id), lasted: Math.floor((now - since) / second) }];
  }

  /** Since when there is nothing but an outage of its brokers; undefined when there is none, or something else. */
  #startOf({ brokers, createdAt }: Connector): number | undefined {
    const dead = brokers.map((host) => this.#deadSince.get(host));
    const leading = this.#leading;
    if (brokers.length === 0 || dead.includes(undefined) || leading === null) return undefined;
    const formedSince = this.#formedSince.get(leading.replica);
    const reconciled = this.#reconciled.get(leading.replica);
    if (formedSince === undefined || reconciled?.by !== leading.process) return undefined;
    return Math.max(...(dead as number[]), createdAt, leading.since, formedSince, reconciled.since, this.#quietSince);
  }

  #mustWriteSince({ id, from }: Connector, start: number, now: Micros): number | undefined {
    const input = this.#collections.get(from ?? "");
    if (input === undefined || now < start) return undefined;
    let advance = this.#advances.get(id);
    if (advance?.start !== start) {
      advance = { start, base: input.upper, since: null };
      this.#advances.set(id, advance);
    }
    const { base } = advance;
    const hasMoved = base !== null && (input.upper === null || input.upper - base >= inputMillis);
    if (advance.since === null && hasMoved) advance.since = now;
    return advance.since ?? undefined;
  }
}

/** What rules about outages listen to; `judge` is asked for each connector that one has lasted for, again and again. */
export function outageEvents<B>(judge: (overdue: Overdue) => B | undefined): {
  readonly [K in OutageKind]: (
    watch: OutageWatch,
    data: WatchedEvents[K],
    seen: { readonly at: Micros; readonly process: string },
  ) => B | undefined | void;
} {
  return {
    "process.started": (watch, data) => watch.started(data),
    "process.crashed": (watch, data, { at }) => watch.ended(data, at),
    "process.exited": (watch, data, { at }) => watch.ended(data, at),
    "fault.injected": (watch, data, { at }) => watch.injected(data, at),
    "fault.healed": (watch, data, { at }) => watch.healed(data, at),
    "env.leading": (watch, { generation }, { at, process }) => watch.leads(generation, process, at),
    "replica.reconciled": (watch, data, { at }) => watch.reconciled(data, at),
    "mesh.formed": (watch, data, { at, process }) => watch.formed(data, process, at),
    "mesh.lost": (watch, { replica, index }) => watch.unformed(replica, index),
    "shard.changed": (watch, data, { at }) => {
      for (const overdue of watch.changed(data, at)) {
        const breach = judge(overdue);
        if (breach !== undefined) return breach;
      }
      return undefined;
    },
  };
}

/** What the watch listens to. */
export type WatchedEvents = Observed & {
  readonly "fault.injected": { readonly fault: string; readonly params?: JsonObject };
  readonly "fault.healed": { readonly fault: string };
};

type OutageKind =
  | "process.started"
  | "process.crashed"
  | "process.exited"
  | "fault.injected"
  | "fault.healed"
  | "env.leading"
  | "replica.reconciled"
  | "mesh.formed"
  | "mesh.lost"
  | "shard.changed";
