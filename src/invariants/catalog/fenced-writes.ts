/**
 * What environments wrote, against the tokens that were durable where they wrote it. The events of a writer may come
 * late or never, but they name its token and a time, and the history of tokens by time is never missed: of a write at
 * time t the token that counts is the last one written below the upper t + 1, whatever came since.
 *
 * A write to tables follows on a step of the catalog beyond its time, which is why the catalog's upper must be beyond it
 * when the writer says so, and why no later token can be below it. A process that says that it was fenced ends within
 * milliseconds of its own time; one that still works for others five seconds later lives on, unless it was held up.
 */
import type { Breach } from "../../runner/definition.ts";
import type { Observation } from "../../ports/events.ts";
import type { Observed } from "../state/observed.ts";
import { CatalogContents } from "../state/catalog-contents.ts";
import { defineInvariant } from "../define-invariant.ts";
import { isBefore, tokenText, type Token } from "../state/frontier.ts";

interface State {
  readonly catalog: CatalogContents;
  /** When processes said that they were fenced. */
  readonly fenced: Map<string, number>;
}

const endsWithin = 5_000_000;

/** S-FEN-3: nothing is written under a token once a higher one is durable, and who knows of a higher one stops. */
export const fencedWrites = defineInvariant<State, Observed>({
  id: "S-FEN-3",
  doc: "No content written under a token becomes durable after a higher one, and a fenced environment ends.",
  state: () => ({ catalog: new CatalogContents(), fenced: new Map() }),
  on: {
    "shard.changed": ({ catalog }, changed) => void catalog.apply(changed),
    "catalog.committed": (state, { upper, ...token }, seen) =>
      judged(state, token, upper, "catalog") ?? livesOn(state, seen),
    "table.written": (state, { ts, ...token }, seen) => {
      if (isBefore(ts, state.catalog.upper)) return judged(state, token, ts + 1, "tables") ?? livesOn(state, seen);
      return {
        subject: "tables",
        message: `rows were written at ${ts} before the catalog had moved beyond it`,
        expected: { above: ts },
        observed: state.catalog.upper,
      };
    },
    "statement.ended": (state, _, seen) => livesOn(state, seen),
    "oracle.write-allocated": (state, _, seen) => livesOn(state, seen),
    "env.fenced": ({ fenced }, _, { process, at }) => void fenced.set(process, at),
    "process.delayed": ({ fenced }, { process }) => void fenced.delete(process),
    "cpu.slowed": ({ fenced }, { process }) => void fenced.delete(process),
  },
});

function judged({ catalog }: State, token: Token, upper: number, what: string): Breach | undefined {
  const inForce = catalog.tokenBefore(upper);
  if (inForce?.generation === token.generation && inForce.epoch === token.epoch) return undefined;
  const other = inForce === undefined ? "no token was" : `${tokenText(inForce)} was`;
  return {
    subject: what,
    message: `a write to ${what} under ${tokenText(token)} is durable where ${other} in force`,
    expected: inForce === undefined ? null : { ...inForce },
    observed: { generation: token.generation, epoch: token.epoch },
  };
}

function livesOn({ fenced }: State, { process, at }: Observation): Breach | undefined {
  const since = fenced.get(process);
  if (since === undefined || at - since <= endsWithin) return undefined;
  const message = `${process} knows that it was fenced, and works on`;
  return { subject: "lives on", message, expected: { endsWithin }, observed: at - since };
}
