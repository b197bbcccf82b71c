/** S-SINK-3. */
import type { Json } from "../../base/json.ts";
import type { Observed } from "../state/observed.ts";
import type { Frontier } from "../state/frontier.ts";
import { defineInvariant } from "../define-invariant.ts";
import { isBefore } from "../state/frontier.ts";
import { CommittedProgress, type Progress } from "./committed-progress.ts";

interface Init {
  /** Host that asked for it. */
  readonly by: string;
  readonly progress: Progress | undefined;
  /** Behind the last marker of the sink in its progress topic. */
  readonly reach: number;
}

interface State {
  readonly progress: CommittedProgress;
  /** By transactional id. */
  readonly inits: Map<string, Init>;
  readonly reach: Map<string, number>;
  /** The newest process of each host. */
  readonly newest: Map<string, string>;
}

/**
 * S-SINK-3: a sink goes on from the last progress that is committed when its producer is initialised, and has read the
 * progress topic as far as it reached then. After its own init nobody else commits, unless another init follows: then
 * the one that resumes is fenced anyway and is not judged. Neither is a process that its supervisor took for dead, since
 * the init seen last on its host may be its successor's. A `sink.resumed` that is missing says nothing.
 */
export const resumedProgress = defineInvariant<State, Observed>({
  id: "S-SINK-3",
  doc: "A sink resumes at its last committed progress.",
  state: () => ({ progress: new CommittedProgress(), inits: new Map(), reach: new Map(), newest: new Map() }),
  on: {
    "shard.changed": ({ progress }, data) => void progress.sinks.changed(data),
    "process.started": ({ newest }, { host, process }) => void newest.set(host, process),
    "kafka.topic-deleted": ({ progress }, data) => progress.sinks.deleted(data),
    "kafka.appended": ({ progress }, data) => void progress.appended(data),
    "kafka.marker-written": ({ progress, reach }, data) => {
      progress.marked(data);
      if (data.topic.startsWith("wavetank-progress-")) reach.set(data.transactionalId, data.offset + 1);
    },
    "kafka.producer-initialised": ({ progress, inits, reach }, { transactionalId, by }) => {
      const sink = transactionalId.replace(/^sink-/, "");
      inits.set(transactionalId, { by, progress: progress.latest(sink), reach: reach.get(transactionalId) ?? 0 });
    },
    "sink.resumed": ({ progress, inits, newest }, { id, resume, found, scanned, bound }, { process }) => {
      const name = progress.sinks.get(id)?.item.name ?? id;
      if (scanned < bound) {
        const message = `sink ${name} stopped reading its progress at ${scanned}, before ${bound}`;
        return { subject: name, message, expected: bound, observed: scanned };
      }
      const init = inits.get(`sink-${id}`);
      const host = process.split("#")[0]!;
      const isSuperseded = (newest.get(host) ?? process) !== process || init?.by !== host;
      if (init === undefined || isSuperseded || progress.sinks.get(id)?.isGone === true) return undefined;
      if (scanned < init.reach) {
        const message = `sink ${name} read its progress up to ${scanned} only, when its own transactions reached to ${init.reach}`;
        return { subject: name, message, expected: init.reach, observed: scanned };
      }
      // More than at the init can be there when that was a late copy of the request, which has fenced us.
      const [least, most] = [init.progress, progress.latest(id)];
      const isRight = found
        ? least !== undefined && !isBefore(resume, least.upper) && !isBefore(most!.upper, resume)
        : least === undefined;
      if (isRight) return undefined;
      const message = `sink ${name} does not resume at its last committed progress`;
      return { subject: name, message, expected: told(least?.upper), observed: told(found ? resume : undefined) };
    },
  },
});

function told(upper: Frontier | undefined): Json {
  return upper === undefined ? "the beginning" : upper;
}
