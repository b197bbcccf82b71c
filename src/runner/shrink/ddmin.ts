/**
 * Reduces a list to a 1-minimal part that still fails: no single item of the result can go.
 *
 * Not the classic ddmin. That one splits into ever more chunks and starts over after every success; with few culprits
 * among many items it asks the same groups again and again. This is group testing with chunks that adapt: sweeping from
 * the end, a chunk is left out; when it still fails the next chunk is twice as long, when it does not the chunk is
 * bisected down to the last item that is needed, and the gap just seen sets the next chunk. k culprits among n items cost
 * about k * log2(n / k) runs where they are rare, and one run an item where everything is needed.
 *
 * A sweep proves each kept item needed only beside what was undecided then. So sweeps are repeated until one drops
 * nothing: that one has asked, for every item, for all but that one, which is what 1-minimal means. Where failing is
 * monotone the second sweep finds nothing; where items interact it is what keeps the promise.
 * Left out: subsets that are no sub-list (order is kept), and a search for the smallest failing part of all.
 */

/** How many more runs may be made; whoever makes them counts them down. */
export interface RunBudget {
  readonly left: number;
}

/** What `ddmin` ends with. */
export interface Reduced<T> {
  readonly items: readonly T[];
  /** No single item can go; false only when the budget ended first. */
  readonly minimal: boolean;
}

/**
 * The smaller list. `items` itself is taken to fail and is not asked; no subset is asked twice. `fails` uses up the
 * budget, which is looked at before each question. Deterministic when `fails` is.
 */
export async function ddmin<T>(
  items: readonly T[],
  fails: (subset: readonly T[]) => Promise<boolean>,
  budget: RunBudget,
): Promise<Reduced<T>> {
  const known = new Map<string, boolean>();
  const ask: Ask = async (indexes) => {
    const key = indexes.join(" ");
    const before = known.get(key);
    if (before !== undefined) return before;
    if (budget.left <= 0) return null;
    const answer = await fails(indexes.map((index) => items[index]!));
    known.set(key, answer);
    return answer;
  };
  let kept: readonly number[] = items.map((_, index) => index);
  if (kept.length > 0 && (await ask([])) === true) kept = [];
  // A quarter first: a half would mostly hold a culprit already when there are three or more.
  let chunk = Math.ceil(kept.length / 4);
  for (;;) {
    const swept = await sweep(kept, chunk, ask);
    const isUnchanged = swept.kept.length === kept.length;
    kept = swept.kept;
    // A sweep that dropped nothing has asked, for each item, for everything but that one.
    if (!swept.isComplete || isUnchanged) {
      return { items: kept.map((index) => items[index]!), minimal: swept.isComplete };
    }
    chunk = 1;
  }
}

/** Does this part fail? Null when the budget is used up. */
type Ask = (indexes: readonly number[]) => Promise<boolean | null>;

/** One way from the end to the front; every item is dropped, or kept because what was left passes without it. */
async function sweep(
  start: readonly number[],
  firstChunk: number,
  ask: Ask,
): Promise<{ readonly kept: readonly number[]; readonly isComplete: boolean }> {
  let undecided = start;
  let needed: readonly number[] = [];
  let chunk = firstChunk;
  while (undecided.length > 0) {
    // `free` items at the end can go, with `blocked` of them it no longer fails.
    let free = 0;
    let blocked = Math.min(Math.max(chunk, 1), undecided.length);
    let step = blocked;
    while (free < blocked) {
      const answer = await ask([...undecided.slice(0, undecided.length - step), ...needed]);
      if (answer === null) return { kept: [...drop(undecided, free), ...needed], isComplete: false };
      if (answer) free = step;
      else blocked = step;
      if (blocked - free <= 1) break;
      step = free + Math.ceil((blocked - free) / 2);
    }
    undecided = drop(undecided, free);
    if (free === blocked) {
      chunk = free * 2;
    } else {
      needed = [undecided[undecided.length - 1]!, ...needed];
      undecided = drop(undecided, 1);
      chunk = free;
    }
  }
  return { kept: needed, isComplete: true };
}

function drop(list: readonly number[], count: number): readonly number[] {
  return list.slice(0, list.length - count);
}
