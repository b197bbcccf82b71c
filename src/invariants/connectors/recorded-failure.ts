/** S-CONN-5. */
import type { Json } from "../../base/json.ts";
import type { Breach } from "../../runner/definition.ts";
import type { ErrorElement } from "../state/multiset.ts";
import type { Observed } from "../state/observed.ts";
import { defineInvariant } from "../define-invariant.ts";
import { CatalogContents } from "../state/catalog-contents.ts";
import { isErrorElement } from "../state/multiset.ts";
import { calmEvents, CalmWatch, type WatchedEvents } from "./calm-watch.ts";
import { Placement } from "./placement.ts";
import { StatusHistory, type StatusRow } from "./status-history.ts";

/** Seconds for which a source's error may be in its collection and not in its status. */
const within = 15;

interface Failed {
  /** How often each text of the source's own error is in its shard. */
  readonly messages: Map<string, number>;
  /** Since when there is one, µs. */
  since: number;
}

class State {
  readonly calm = new CalmWatch();
  readonly placement = new Placement();
  readonly history = new StatusHistory();
  readonly #catalog = new CatalogContents();
  /** By shard. */
  readonly #failed = new Map<string, Failed>();

  changed(event: Observed["shard.changed"], now: number): Breach | undefined {
    this.#catalog.apply(event);
    this.placement.changed(event);
    for (const [data, , diff] of event.updates) if (isOfSource(data)) this.#count(event.shard, data.message, diff, now);
    for (const row of this.history.changed(event)) {
      const found = row.type === "source" ? this.#judged(row) : undefined;
      if (found !== undefined) return found;
    }
    const isTick = event.shard === "tables" && event.change === "append";
    return isTick && this.#failed.size > 0 ? this.#unsaid(now) : undefined;
  }

  /** Whether what a status says is for good is so for who reads the source. */
  #judged({ id, status, class: kind, error }: StatusRow): Breach | undefined {
    if (status !== "failed" || kind !== "definite") return undefined;
    const messages = [...(this.#failed.get(this.#catalog.shards.get(id) ?? "")?.messages.keys() ?? [])];
    if (messages.includes(error ?? "") || !this.#catalog.items.has(id)) return undefined;
    const message = `source ${id} has failed for good, and its collection does not say so`;
    return { subject: id, message, expected: error, observed: messages };
  }

  /** A source that has failed for good for who reads it, and does not say so. */
  #unsaid(now: number): Breach | undefined {
    for (const { id, kind, name } of this.#catalog.items.values()) {
      const failed = kind === "source" ? this.#failed.get(this.#catalog.shards.get(id) ?? "") : undefined;
      const status = this.history.latest.get(id)?.status ?? "created";
      if (failed === undefined || status === "failed") continue;
      const replica = this.placement.replicaOf(id);
      const calmSince = replica === undefined ? undefined : this.calm.since(replica);
      if (calmSince === undefined || now - Math.max(failed.since, calmSince) < within * 1_000_000) continue;
      const message = `source ${name} has failed for who reads it, and has not said so for ${within} s`;
      return { subject: name, message, expected: "failed", observed: status };
    }
    return undefined;
  }

  #count(shard: string, message: string, diff: number, now: number): void {
    const failed = this.#failed.get(shard) ?? { messages: new Map<string, number>(), since: now };
    const count = (failed.messages.get(message) ?? 0) + diff;
    if (count === 0) failed.messages.delete(message);
    else failed.messages.set(message, count);
    if (failed.messages.size === 0) this.#failed.delete(shard);
    else this.#failed.set(shard, failed);
  }
}

/**
 * S-CONN-5: what a source says of itself and what its readers get is the same: when its durable status is `failed` for
 * good, that error is in its collection; while one is there, its status says so within 15 s in which nothing is in the way
 * (`calm-watch.ts`), whatever its brokers do.
 */
export const recordedFailure = defineInvariant<State, WatchedEvents>({
  id: "S-CONN-5",
  doc: "A source has failed for good in its status if and only if it has in its collection.",
  state: () => new State(),
  on: {
    ...calmEvents,
    "shard.changed": (state, data, { at }) => state.changed(data, at),
  },
});

/** The source's own error; that of a record may be named after a key of the same text. */
function isOfSource(data: Json): data is ErrorElement & Json {
  if (!isErrorElement(data)) return false;
  const { code, identity } = data as unknown as ErrorElement;
  return code === "XX000" && identity === "source";
}
