/** Names that differ by more are never taken for each other, however long they are. */
const distanceMax = 16;

/**
 * The candidate nearest to `text` by edit distance (insert, delete, replace, swap of neighbours), or undefined when
 * none is near enough to be a likely typo. Ties go to the earlier candidate.
 */
export function nearest(text: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.min(Math.max(2, Math.floor(text.length / 3)), distanceMax) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(text.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** `unknown KIND "TEXT"`, the nearest match, and what is allowed: one sentence for every wrong name. */
export function unknownName(kind: string, text: string, candidates: readonly string[]): string {
  const near = nearest(text, candidates);
  const hint = near === undefined ? "" : `; did you mean "${near}"?`;
  const shown = candidates.length > 12 ? [...candidates.slice(0, 12), `… (${candidates.length} in all)`] : candidates;
  return `unknown ${kind} "${text}"${hint} (known: ${shown.length === 0 ? "none" : shown.join(", ")})`;
}

function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > distanceMax) return distanceMax + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let cost = Math.min(replaced, last[j]! + 1, row[j - 1]! + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, beforeLast[j - 2]! + 1);
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
