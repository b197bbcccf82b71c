/**
 * How environments end, against the tokens that were durable and the processes that there were. An end is seen by the
 * machine room and never missed; so are durable tokens. A process that ends by itself has said long before which
 * generation it is of. What it ended for it read after it began, and before it ended: a reason that the durable history
 * up to its end does not hold is wrong, and so is one that what it must have read at its beginning rules out.
 *
 * A token of its own generation is a rival's, and the rival ran at some time of its life: it was started later, or had
 * not ended when it was started (a process that dies slowly may open the catalog after its successor).
 */
import type { Breach } from "../../runner/definition.ts";
import type { Observed } from "../state/observed.ts";
import { CatalogContents } from "../state/catalog-contents.ts";
import { defineInvariant } from "../define-invariant.ts";
import { isEnvironment } from "../state/observed.ts";

interface Life {
  readonly generation: number;
  /** The highest durable generation when it began. */
  readonly durable: number;
  hasRival: boolean;
}

interface State {
  readonly catalog: CatalogContents;
  /** Of processes that have not ended. */
  readonly lives: Map<string, Life>;
}

/** Reasons that end an environment with code 0. */
const clean: readonly string[] = ["fenced-by-generation", "catalog-out-of-sync", "stopped"];
/** Reasons that only an environment can have that was not replaced when it began. */
const ofLeaders: readonly string[] = [
  "fenced-by-epoch",
  "catalog-out-of-sync",
  "incompatible-version",
  "opening-raced",
  "owner-fenced",
];

/** S-FEN-4: an environment ends for good exactly when a newer generation has taken over. */
export const fenceReasons = defineInvariant<State, Observed>({
  id: "S-FEN-4",
  doc: "An environment ends as fenced by generation, with code 0, exactly when a higher generation is durable.",
  state: () => ({ catalog: new CatalogContents(), lives: new Map() }),
  on: {
    "shard.changed": ({ catalog }, changed) => void catalog.apply(changed),
    "env.started": ({ catalog, lives }, { generation }, { process }) => {
      const rivals = [...lives.values()].filter((life) => life.generation === generation);
      for (const rival of rivals) rival.hasRival = true;
      lives.set(process, { generation, durable: catalog.generation, hasRival: rivals.length > 0 });
    },
    "process.crashed": ({ lives }, { process }) => void lives.delete(process),
    "process.exited": ({ catalog, lives }, { host, process, exit, reason }) => {
      const life = lives.get(process);
      lives.delete(process);
      if (life === undefined || !isEnvironment(host) || exit === "panic") return undefined;
      return codeBreach(process, exit, reason) ?? reasonBreach(process, reason, life, catalog.generation);
    },
  },
});

function codeBreach(process: string, exit: string, reason: string): Breach | undefined {
  const isClean = exit === "exit";
  if (isClean === clean.includes(reason)) return undefined;
  const message = `${process} ended for "${reason}" with ${isClean ? "code 0" : "another code than 0"}`;
  return { subject: `code of ${reason}`, message, expected: isClean ? [...clean] : "exit", observed: exit };
}

function reasonBreach(process: string, reason: string, life: Life, durable: number): Breach | undefined {
  const { generation } = life;
  if (reason === "fenced-by-generation" && durable <= generation) {
    const message = `${process} says that it was fenced by a higher generation than ${generation}, and none is durable`;
    return { subject: "fenced-by-generation", message, expected: { above: generation }, observed: durable };
  }
  if (reason === "fenced-by-epoch" && !life.hasRival) {
    const message = `${process} says that it was fenced by an epoch, and nobody else of generation ${generation} ran`;
    return { subject: "fenced-by-epoch", message, expected: "a rival of its generation", observed: null };
  }
  if (life.durable > generation && ofLeaders.includes(reason)) {
    const message = `${process} of generation ${generation} was replaced before it began, and ended for "${reason}"`;
    return { subject: "replaced before", message, expected: "fenced-by-generation", observed: reason };
  }
  return undefined;
}
