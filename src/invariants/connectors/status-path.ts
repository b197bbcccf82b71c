/** S-CONN-2. */
import type { Breach } from "../../runner/definition.ts";
import type { Observed } from "../state/observed.ts";
import { defineInvariant } from "../define-invariant.ts";
import { isRepeated, StatusHistory, type StatusRow } from "./status-history.ts";

/** What one rendering of a connector may say next; the first thing that it says is `starting`. */
const transitions: { readonly [status: string]: readonly string[] } = {
  starting: ["running", "stalled", "failed"],
  running: ["degraded", "stalled", "failed"],
  degraded: ["running", "stalled", "failed"],
  stalled: ["running", "failed"],
  failed: [],
};

/** What may follow a status where others in between were lost; `failed` ends with a new rendering only, `dropped` never. */
const successors: { readonly [status: string]: readonly string[] } = {
  starting: ["starting", "running", "degraded", "stalled", "failed"],
  running: ["starting", "degraded", "stalled", "failed"],
  degraded: ["starting", "running", "degraded", "stalled", "failed"],
  stalled: ["starting", "running", "degraded", "stalled", "failed"],
  failed: ["starting"],
  dropped: [],
};

/** What connectors said of one object. */
interface Reported {
  /** How often it was rendered so far. */
  renderings: number;
  /** By what was said, the renderings that said it. */
  readonly sayings: Map<string, Set<number>>;
  /** By process, what it said last. */
  readonly last: Map<string, string>;
}

interface State {
  readonly history: StatusHistory;
  readonly reported: Map<string, Reported>;
  /** By object, its last row and the earliest rendering that can have said it. */
  readonly last: Map<string, { readonly row: StatusRow; readonly rendering: number }>;
}

/**
 * S-CONN-2: what a connector says is a path of the lifecycle; so is the history of an object, and rows are what its
 * connectors said, in that order. Reports can be lost between replica and environment, so a row may be missing, but for
 * one thing: `failed` is left only by a rendering behind it, which shows in `connector.status` before anything that it
 * leads to can be stored. No row says what the row before it says: repetitions are counted elsewhere. The history is read
 * where it is durable, so that environments that die between writing and telling make no difference; what they do tell
 * (`status.recorded`) must be there.
 */
export const statusPath = defineInvariant<State, Observed>({
  id: "S-CONN-2",
  doc: "The status history of a connector is a path of its lifecycle.",
  state: () => ({ history: new StatusHistory(), reported: new Map(), last: new Map() }),
  on: {
    "connector.status": ({ reported }, said, { process }) => {
      const known = reported.get(said.id) ?? { renderings: 0, sayings: new Map(), last: new Map() };
      reported.set(said.id, known);
      if (said.status === "starting") known.renderings++;
      const renderings = known.sayings.get(sayingOf(said)) ?? new Set();
      known.sayings.set(sayingOf(said), renderings.add(known.renderings));
      const last = known.last.get(process) ?? said.status;
      known.last.set(process, said.status);
      // The same may be said again, with another text or not.
      if (said.status === "starting" || said.status === last || transitions[last]?.includes(said.status))
        return undefined;
      const message = `${said.id} says ${said.status} after ${last}`;
      return { subject: said.id, message, expected: transitions[last] ?? [], observed: said.status };
    },
    "shard.changed": (state, data) => {
      let seq = state.history.rows.at(-1)?.seq ?? 0;
      for (const row of state.history.changed(data)) {
        if (row.seq <= seq) return breach(row, "is not numbered higher than the row before", seq, row.seq);
        seq = row.seq;
        const found = judged(state, row);
        if (found !== undefined) return found;
      }
      return undefined;
    },
    "status.recorded": ({ history }, { id, seq, status }) => {
      const row = history.rows.findLast((each) => each.seq === seq);
      if (row?.id === id && row.status === status) return undefined;
      const message = `status ${status} of ${id} was said to be recorded, and is not`;
      return { subject: id, message, expected: status, observed: row?.status ?? null };
    },
  },
});

function judged({ reported, last }: State, row: StatusRow): Breach | undefined {
  const before = last.get(row.id);
  if (before?.row.status === "dropped") return breach(row, "follows the object's end", "dropped", row.status);
  if (!Object.hasOwn(successors, row.status)) return breach(row, "is no status", null, row.status);
  if (row.incarnation < (before?.row.incarnation ?? 0)) {
    return breach(row, "is of an earlier incarnation", before!.row.incarnation, row.incarnation);
  }
  if (before !== undefined && isRepeated(before.row, row)) return breach(row, "is no news", null, row.status);
  const hasError = row.error !== null;
  if (hasError !== ["stalled", "failed", "degraded"].includes(row.status)) {
    return breach(row, hasError ? "has an error and is well" : "has no error and is not well", null, row.error);
  }
  if (row.status === "dropped") {
    last.set(row.id, { row, rendering: Infinity });
    return undefined;
  }
  const said = [...(reported.get(row.id)?.sayings.get(sayingOf(row)) ?? [])];
  const isLeft = before?.row.status === "failed" && row.status !== "failed";
  const rendering = said.find((each) => each >= (before?.rendering ?? 0) + (isLeft ? 1 : 0));
  if (rendering === undefined) return breach(row, "is nothing that its connector said since", null, row.status);
  const isRenewed = before !== undefined && rendering > before.rendering;
  const isSuccessor = before === undefined || successors[before.row.status]!.includes(row.status);
  // What a rendering says first may have been lost.
  if (!isSuccessor && !isRenewed && before.row.incarnation === row.incarnation) {
    return breach(row, `follows ${before.row.status}`, before.row.status, row.status);
  }
  last.set(row.id, { row, rendering });
  return undefined;
}

function sayingOf({ status, error, incarnation }: Pick<StatusRow, "status" | "error" | "incarnation">): string {
  return JSON.stringify([status, error, incarnation]);
}

function breach(
  row: StatusRow,
  what: string,
  expected: string | number | null,
  observed: string | number | null,
): Breach {
  return { subject: row.id, message: `status ${row.status} of ${row.id} ${what}`, expected, observed };
}
