/** What there is to test with: data of `wavetank list`. */

/** One thing that has a name. */
export interface ListEntry {
  readonly id: string;
  readonly doc: string;
}

/** An invariant, and what proves that it can fail. */
export interface ListedInvariant extends ListEntry {
  /** `safe`: judged while the run goes on; `end`: when it is over. */
  readonly kind: "safe" | "end";
  /** Planted bugs that must break it. */
  readonly provenBy: readonly string[];
  readonly scenarios: readonly string[];
}

export interface ListedFault extends ListEntry {
  readonly witness: string;
  readonly scenarios: readonly string[];
}

export interface ListedBug extends ListEntry {
  readonly breaks: string;
  readonly source: string;
  readonly scenario: string;
}

export interface ListedScenario extends ListEntry {
  readonly file: string | null;
  readonly ops: readonly string[];
  readonly faults: readonly string[];
  readonly invariants: readonly string[];
  readonly bugs: readonly string[];
}

/** Everything, each kind in the order of its registry or of first use. */
export interface Listing {
  readonly scenarios: readonly ListedScenario[];
  readonly faults: readonly ListedFault[];
  readonly workloads: readonly ListEntry[];
  readonly invariants: readonly ListedInvariant[];
  readonly bugs: readonly ListedBug[];
  /** Pure cores that can be explored exhaustively. */
  readonly cores: readonly ListEntry[];
}

/** The kinds of things that can be listed alone. */
export const listedKinds = ["scenarios", "faults", "invariants", "bugs", "cores"] as const;
export type ListedKind = (typeof listedKinds)[number];
