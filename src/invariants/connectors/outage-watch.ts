/**
 * Connectors whose brokers are all dead for so long that it has to show. The time counts only while nothing else is in
 * the way (`calm-watch.ts`). For a sink it counts from when its input has moved on far enough that the sink has to write.
 *
 * What runs is degraded once attempts have failed for 2 s, and they are at most 1 s apart; what is reported is stored
 * within 2 s. 6 s leave room for the attempts themselves; a sink has 2 s more, in which it hears of its input.
 * What has not run since it was rendered shows only what ended its first attempt. Every call that is made until then ends
 * within 10 s: 15 s leave room. A sink that has to write needs one call to fail and another one to give its transaction
 * up: 25 s. Backoffs between attempts (16 s) need no room: the status stays what it is.
 */
import type { Micros } from "../../base/time.ts";
import type { Frontier } from "../state/frontier.ts";
import type { Observed } from "../state/observed.ts";
import { calmEvents, CalmWatch, type WatchedEvents } from "./calm-watch.ts";
import { Placement } from "./placement.ts";
import { Collections } from "../state/collections.ts";
import { brokerHosts, connectionOf, sinkStatement } from "../state/connector-statement.ts";
import { StatusHistory, type StatusRow } from "./status-history.ts";

const second = 1_000_000;
/** After these, µs of virtual time, an outage shows in what is running. */
const showsAfter = { source: 6 * second, sink: 8 * second } as const;
/** The same in what is rendered. */
const failsAfter = { source: 15 * second, sink: 25 * second } as const;
/** So far the input of a sink goes on before the sink has to write, ms of the input's time. */
const inputMillis = 5_000;

interface Connector {
  readonly id: string;
  readonly name: string;
  readonly kind: "source" | "sink";
  readonly brokers: readonly string[];
  /** Of a sink, the id of its input. */
  readonly from: string | undefined;
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
  /** Where connectors run, and since when. */
  readonly #places = new Map<string, { readonly replica: string | undefined; readonly since: number }>();
  readonly #placement = new Placement();
  readonly calm = new CalmWatch();

  started({ host, process }: Observed["process.started"]): void {
    const alive = this.#alive.get(host) ?? new Set();
    this.#alive.set(host, alive.add(process));
    this.#deadSince.delete(host);
  }

  ended({ host, process }: { readonly host: string; readonly process: string }, now: Micros): void {
    const alive = this.#alive.get(host);
    alive?.delete(process);
    if (alive?.size === 0) this.#deadSince.set(host, now);
    this.calm.ended({ process });
  }

  /** Takes in a change of a shard. With each append to tables, what is overdue. */
  changed(event: Observed["shard.changed"], now: Micros): readonly Overdue[] {
    for (const { id, kind, name, sql } of this.#collections.changed(event).added) {
      if (kind !== "source" && kind !== "sink") continue;
      const { catalog } = this.#collections;
      const brokers = brokerHosts(catalog.named(connectionOf(sql))?.sql ?? "");
      const from = kind === "sink" ? catalog.named(sinkStatement(sql).from)?.id : undefined;
      this.#connectors.set(id, { id, name, kind, brokers, from });
    }
    if (this.#placement.changed(event)) this.#place(now);
    this.#history.changed(event);
    const isTick = event.shard === "tables" && event.change === "append";
    // Nothing is dead most of the time.
    if (!isTick || this.#deadSince.size === 0 || !this.calm.isCalm) return [];
    return [...this.#connectors.values()].flatMap((connector) => this.#overdue(connector, now));
  }

  #place(now: Micros): void {
    for (const id of this.#connectors.keys()) {
      const replica = this.#placement.replicaOf(id);
      const known = this.#places.get(id);
      if (known === undefined || known.replica !== replica) this.#places.set(id, { replica, since: now });
    }
  }

  #overdue(connector: Connector, now: Micros): readonly Overdue[] {
    const { id, name, kind } = connector;
    if (!this.#collections.catalog.items.has(id)) return [];
    const start = this.#startOf(connector);
    const since = start === undefined || kind === "source" ? start : this.#mustWriteSince(connector, start, now);
    const latest = this.#history.latest.get(id);
    const bound = latest?.status === "running" ? showsAfter : failsAfter;
    if (since === undefined || now - since < bound[kind]) return [];
    return [{ id, name, kind, latest, lasted: Math.floor((now - since) / second) }];
  }

  /** Since when there is nothing but an outage of its brokers; undefined when there is none, or something else. */
  #startOf({ id, brokers }: Connector): number | undefined {
    const dead = brokers.map((host) => this.#deadSince.get(host));
    const place = this.#places.get(id);
    if (brokers.length === 0 || dead.includes(undefined) || place?.replica === undefined) return undefined;
    const calmSince = this.calm.since(place.replica);
    return calmSince === undefined ? undefined : Math.max(...(dead as number[]), place.since, calmSince);
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
    ...calmEvents,
    "process.started": (watch, data) => watch.started(data),
    "process.crashed": (watch, data, { at }) => watch.ended(data, at),
    "process.exited": (watch, data, { at }) => watch.ended(data, at),
    "shard.changed": (watch, data, { at }) => {
      for (const overdue of watch.changed(data, at)) {
        const breach = judge(overdue);
        if (breach !== undefined) return breach;
      }
      return undefined;
    },
  };
}

type OutageKind = keyof typeof calmEvents | "process.started" | "shard.changed";
