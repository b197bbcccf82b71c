/**
 * Groups of rows with counts and sums. Rows come in prepared: the group's key, then one column per aggregate's argument
 * (`PrepareGroups`), so that they can be exchanged by key. At each time a group whose result changes takes the old one
 * back and says the new one. Without a key there is one group, which is there always.
 */
import type { Datum, Entry, Row } from "../../collection.ts";
import type { Aggregate } from "../../sql/plan.ts";
import type { Change } from "../multiset.ts";
import type { Inputs, Operator, Surroundings } from "./operator.ts";
import { assert } from "../../../base/assert.ts";
import { isError } from "../../collection.ts";
import { datumsKey, entryKey } from "../multiset.ts";
import { overRetracted } from "../outcome.ts";
import { ErrorLedger } from "./operator.ts";

interface Group {
  readonly key: Row;
  /** Rows in it. */
  count: number;
  /** By aggregate: how many arguments were not NULL, and their sum. */
  readonly counts: number[];
  readonly sums: bigint[];
  /** What was said of it last; null when nothing. */
  said: Entry | null;
}

const largest = BigInt(Number.MAX_SAFE_INTEGER);

export class Reduce implements Operator {
  readonly #input: Operator;
  readonly #width: number;
  readonly #aggregates: readonly Aggregate[];
  readonly #errors: ErrorLedger;
  readonly #groups = new Map<string, Group>();
  /** Groups to say something of at the first time, whether or not a row comes. */
  readonly #initial: string[] = [];

  /** `width`: columns of the key. */
  constructor(input: Operator, width: number, aggregates: readonly Aggregate[], surroundings: Surroundings) {
    const { policies, worker, workers } = surroundings;
    this.#input = input;
    this.#width = width;
    this.#aggregates = aggregates;
    this.#errors = new ErrorLedger(policies);
    if (width === 0 && policies.route(datumsKey([]), workers) === worker) {
      this.#group([]);
      this.#initial.push(datumsKey([]));
    }
  }

  apply(inputs: Inputs): readonly Change[] {
    const output: Change[] = [];
    const touched = new Set(this.#initial.splice(0));
    for (const change of this.#input.apply(inputs)) {
      const [entry, diff] = change;
      if (isError(entry)) output.push(change);
      else touched.add(this.#add(entry, diff));
    }
    for (const key of touched) this.#say(key, output);
    return output;
  }

  #group(key: Row): Group {
    const text = datumsKey(key);
    let group = this.#groups.get(text);
    if (group === undefined) {
      const zeros = this.#aggregates.map(() => 0);
      group = { key, count: 0, counts: zeros, sums: zeros.map(() => 0n), said: null };
      this.#groups.set(text, group);
    }
    return group;
  }

  /** Counts a row in; returns the key of its group. */
  #add(row: Row, diff: number): string {
    const group = this.#group(row.slice(0, this.#width));
    group.count += diff;
    for (const [place, { fn }] of this.#aggregates.entries()) {
      const argument = row[this.#width + place]!;
      if (argument === null) continue;
      group.counts[place]! += diff;
      if (fn !== "sum") continue;
      assert(typeof argument === "number", "a sum is of integers");
      group.sums[place]! += BigInt(argument) * BigInt(diff);
    }
    return datumsKey(group.key);
  }

  #say(key: string, output: Change[]): void {
    const group = this.#groups.get(key)!;
    const result = this.#result(group, key);
    const isSame =
      result === null ? group.said === null : group.said !== null && entryKey(result) === entryKey(group.said);
    if (!isSame) {
      if (group.said !== null) output.push(...this.#changes(group.said, -1));
      if (result !== null) output.push(...this.#changes(result, 1));
      group.said = result;
    }
    const isEmpty = group.count === 0 && group.said === null && group.sums.every((sum) => sum === 0n);
    if (isEmpty && group.counts.every((count) => count === 0)) this.#groups.delete(key);
  }

  #changes(entry: Entry, diff: number): readonly Change[] {
    return isError(entry) ? this.#errors.changes(entry, diff) : [[entry, diff]];
  }

  #result(group: Group, key: string): Entry | null {
    const { count } = group;
    if (count < 0 || group.counts.some((those) => those < 0)) {
      return this.#errors.error(overRetracted(key), key);
    }
    if (count === 0 && this.#width > 0) return null;
    const row: Datum[] = [...group.key];
    for (const [place, { fn }] of this.#aggregates.entries()) {
      const those = group.counts[place]!;
      const sum = group.sums[place]!;
      if (fn === "count") row.push(those);
      else if (those === 0) row.push(null);
      else if (sum > largest || sum < -largest) {
        return this.#errors.error({ code: "22003", message: "integer out of range" }, `${key} ${place}`);
      } else row.push(Number(sum));
    }
    return row;
  }
}
