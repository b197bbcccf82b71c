/** S-SINK-2. */
import type { Observed } from "../state/observed.ts";
import { defineInvariant } from "../define-invariant.ts";
import { TopicLogs } from "../state/topic-log.ts";

interface State {
  readonly logs: TopicLogs;
  /** Number of inits so far, by whom they are for. */
  readonly inits: Map<string, number>;
  /** By producer id and epoch, which init of its owner they came from. */
  readonly origin: Map<string, number>;
}

/**
 * S-SINK-2: once a successor was initialised, nothing that a predecessor wrote becomes committed. The sink counts, not the
 * transactional id: ids that differ from instance to instance fence nobody. Inits, appends and markers are told by the
 * brokers as they happen; a transaction whose decision came before the init has all its markers before it as well.
 */
export const fencedCommits = defineInvariant<State, Observed>({
  id: "S-SINK-2",
  doc: "After a successor's init no message of a predecessor becomes committed.",
  state: () => ({ logs: new TopicLogs(), inits: new Map(), origin: new Map() }),
  on: {
    "kafka.producer-initialised": ({ inits, origin }, { transactionalId, producerId, epoch }) => {
      const owner = ownerOf(transactionalId);
      const number = (inits.get(owner) ?? 0) + 1;
      inits.set(owner, number);
      origin.set(`${producerId}/${epoch}`, number);
    },
    "kafka.appended": ({ logs }, data) => {
      if (data.isTransactional) logs.appended(data);
    },
    "kafka.marker-written": ({ logs, inits, origin }, data) => {
      const settled = logs.marked(data);
      if (data.control === "abort") return undefined;
      for (const { appended } of settled) {
        const { producerId, epoch, topic } = appended;
        const owner = ownerOf(appended.transactionalId ?? data.transactionalId);
        const from = origin.get(`${producerId}/${epoch}`);
        const newest = inits.get(owner) ?? 0;
        if (from === undefined || from === newest) continue;
        const message = `what a predecessor of ${owner} wrote to ${topic} was committed after its successor's init`;
        return { subject: owner, message, expected: newest, observed: from };
      }
      return undefined;
    },
  },
});

/** Whom a transactional id belongs to: `sink-u5`, whatever is put behind it. */
function ownerOf(transactionalId: string): string {
  return /^sink-[^-]+/.exec(transactionalId)?.[0] ?? transactionalId;
}
