/** Environments that end by themselves. The machine room sees every end, and how it came about; none is missed. */
import type { Observed } from "../state/observed.ts";
import { defineInvariant } from "../define-invariant.ts";
import { isEnvironment } from "../state/observed.ts";

const reasons: readonly string[] = [
  "fenced-by-generation",
  "fenced-by-epoch",
  "catalog-out-of-sync",
  "incompatible-version",
  "opening-raced",
  "owner-fenced",
  "stopped",
];

/** S-CONN-1: nothing outside, and no statement, ends an environment. */
export const environmentEnds = defineInvariant<null, Observed>({
  id: "S-CONN-1",
  doc: "An environment ends by itself only for reasons of its own, never for an error of a connector or a statement.",
  state: () => null,
  on: {
    "process.exited": (_, { host, process, exit, reason }) => {
      if (!isEnvironment(host) || (exit !== "panic" && reasons.includes(reason))) return undefined;
      const message = `${process} ended by itself (${exit}) for "${reason}"`;
      return { subject: reason, message, expected: [...reasons], observed: reason };
    },
  },
});
