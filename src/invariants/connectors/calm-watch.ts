/**
 * Since when nothing is in the way of a replica and of what it has to say, but faults of Kafka: one environment leads, the
 * replica's mesh is formed and knows what to run, and no other fault is in force or was lately.
 */
import type { JsonObject } from "../../base/json.ts";
import type { Micros } from "../../base/time.ts";
import type { Observed } from "../state/observed.ts";

const second = 1_000_000;
/**
 * What a fault leaves behind is over so long after it, µs: the longest backoff of a session with Postgres. Where only
 * processes of the engine died, that is what they do between being started and being seen to work, and the time for which
 * they may linger.
 */
const aftermath = { any: 75 * second, ofEngine: 5 * second } as const;
/** Faults that are over when they have struck, but for processes that take their time to die. */
const deaths: readonly string[] = ["process.crash", "process.slow-death", "process.graceful-stop", "replica.crash"];

export class CalmWatch {
  readonly #formed = new Map<string, Map<number, string>>();
  /** Since when a replica's mesh is formed by live processes. */
  readonly #formedSince = new Map<string, number>();
  /** By replica: the process that its commands are from, and since when they are in force. */
  readonly #reconciled = new Map<string, { readonly by: string; readonly since: number }>();
  #leading: { readonly process: string; readonly generation: number; readonly since: number } | null = null;
  #disturbances = 0;
  #quietSince = 0;

  ended({ process }: { readonly process: string }): void {
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
    this.#leading = { process, generation, since: now };
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

  /** Whether nothing is wrong anywhere. */
  get isCalm(): boolean {
    return this.#leading !== null && this.#disturbances === 0;
  }

  /** Since when a replica, `r1` …, of the generation that leads is left alone; undefined while it is not. */
  since(replica: string): number | undefined {
    if (this.#leading === null || this.#disturbances > 0) return undefined;
    const { process, generation, since } = this.#leading;
    const service = `g${generation}-${replica}`;
    const formedSince = this.#formedSince.get(service);
    const reconciled = this.#reconciled.get(service);
    if (formedSince === undefined || reconciled?.by !== process) return undefined;
    return Math.max(since, formedSince, reconciled.since, this.#quietSince);
  }
}

/** What the watch listens to, beside what it is part of. */
export const calmEvents: {
  readonly [K in CalmKind]: (
    state: { readonly calm: CalmWatch },
    data: WatchedEvents[K],
    seen: { readonly at: Micros; readonly process: string },
  ) => void;
} = {
  "process.crashed": ({ calm }, data) => calm.ended(data),
  "process.exited": ({ calm }, data) => calm.ended(data),
  "fault.injected": ({ calm }, data, { at }) => calm.injected(data, at),
  "fault.healed": ({ calm }, data, { at }) => calm.healed(data, at),
  "env.leading": ({ calm }, { generation }, { at, process }) => calm.leads(generation, process, at),
  "replica.reconciled": ({ calm }, data, { at }) => calm.reconciled(data, at),
  "mesh.formed": ({ calm }, data, { at, process }) => calm.formed(data, process, at),
  "mesh.lost": ({ calm }, { replica, index }) => calm.unformed(replica, index),
};

export type WatchedEvents = Observed & {
  readonly "fault.injected": { readonly fault: string; readonly params?: JsonObject };
  readonly "fault.healed": { readonly fault: string };
};

type CalmKind =
  | "process.crashed"
  | "process.exited"
  | "fault.injected"
  | "fault.healed"
  | "env.leading"
  | "replica.reconciled"
  | "mesh.formed"
  | "mesh.lost";
