/** Machines are noisy: the median of several measurements, the first of which (cold) does not count. */
export async function median(runs: number, measure: () => Promise<number>): Promise<number> {
  await measure();
  const values: number[] = [];
  for (let run = 0; run < runs; run++) values.push(await measure());
  return values.toSorted((a, b) => a - b)[runs >> 1]!;
}
