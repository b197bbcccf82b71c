/** S-FRO-4. */
import type { Observed } from "../state/observed.ts";
import { defineInvariant } from "../define-invariant.ts";
import { isBefore } from "../state/frontier.ts";

/**
 * S-FRO-4: a dataflow is rendered from a time at which all that it reads is readable, as the replica finds it then. Sinces
 * that move in the very moment are not held against it: it looks again when it cannot read.
 */
export const readableInputs = defineInvariant<null, Observed>({
  id: "S-FRO-4",
  doc: "No dataflow is rendered from a time before the since of anything that it reads.",
  state: () => null,
  on: {
    "dataflow.rendered": (_, { replica, id, asOf, sinces }) => {
      const compacted = sinces.find(([, since]) => isBefore(asOf, since));
      if (compacted === undefined) return undefined;
      const [shard, since] = compacted;
      const message = `${replica} rendered ${id} from ${asOf}, where ${shard} is not readable`;
      return { subject: id, message, expected: { atLeast: since }, observed: asOf };
    },
  },
});
