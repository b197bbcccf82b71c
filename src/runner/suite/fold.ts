/**
 * Folds the results of one scenario's runs in the order of its seeds, however they arrive: a result waits until all
 * before it are there. Counts, hash, findings and the moment to stop therefore depend on the seeds alone, never on the
 * number of workers or their speed. What comes after the stop is not counted.
 */
import type { Micros } from "../../base/time.ts";
import type { ScenarioResult } from "../finding/finding.ts";
import type { RunResult, ScenarioInfo } from "../pool/messages.ts";
import type { Failure } from "../run/record.ts";
import { hex64, mix } from "../../base/hash.ts";

/** A failing seed. */
export interface FailedSeed {
  readonly index: number;
  readonly seed: string;
  readonly items: number;
  readonly failure: Failure;
}

/** Failing seeds with one signature, in the order of seeds. */
export interface FailedGroup {
  readonly signature: string;
  readonly seeds: readonly FailedSeed[];
}

/** Runs that hung or cost their worker take long, each of them: after so many a scenario is stopped. */
export const lostRunsMax = 3;

const lanesStart: readonly [number, number] = [0x243f6a88, 0x85a308d3];

export class ScenarioFold {
  readonly info: ScenarioInfo;
  readonly total: number;
  readonly #failuresMax: number;
  readonly #waiting = new Map<number, RunResult>();
  readonly #failed: FailedSeed[] = [];
  readonly #signatures = new Set<string>();
  readonly #faults = new Map<string, { runs: number; injected: number; bit: number }>();
  readonly #reached = new Set<string>();
  #next = 0;
  #folded = 0;
  #lost = 0;
  #isStopped = false;
  #virtualMicros = 0;
  #cpuMicros = 0;
  #events = 0;
  #high = lanesStart[0];
  #low = lanesStart[1];

  /** `total` seeds are planned; the scenario stops at the seed that brings the `failuresMax`-th signature. */
  constructor(info: ScenarioInfo, total: number, failuresMax: number) {
    this.info = info;
    this.total = total;
    this.#failuresMax = failuresMax;
    for (const fault of info.faults) this.#faults.set(fault, { runs: 0, injected: 0, bit: 0 });
  }

  /** No further result will count. */
  get isOver(): boolean {
    return this.#isStopped || this.#next >= this.total;
  }

  /** Seeds that count so far, and those that still wait for one before them. */
  get seeds(): number {
    return this.#folded + this.#waiting.size;
  }

  /** Whether a result is there. Positions count the scenario's seeds from 0. */
  has(position: number): boolean {
    return position < this.#next || this.#waiting.has(position);
  }

  /** Takes the result of the seed at a position, once. */
  add(position: number, result: RunResult): void {
    if (this.isOver || this.has(position)) return;
    this.#waiting.set(position, result);
    for (;;) {
      const next = this.#waiting.get(this.#next);
      if (next === undefined) return;
      this.#waiting.delete(this.#next++);
      this.#fold(next);
      if (this.#isStopped) this.#waiting.clear();
    }
  }

  /** Nothing more will come: folds what waits for seeds that were never run. */
  finish(): void {
    for (const position of [...this.#waiting.keys()].toSorted((a, b) => a - b)) {
      if (!this.#isStopped) this.#fold(this.#waiting.get(position)!);
    }
    this.#waiting.clear();
    this.#isStopped = true;
  }

  /** Failing seeds by signature, in the order of their first seeds. */
  groups(): readonly FailedGroup[] {
    const groups = new Map<string, FailedSeed[]>();
    for (const failed of this.#failed) {
      const group = groups.get(failed.failure.signature) ?? [];
      groups.set(failed.failure.signature, group);
      group.push(failed);
    }
    return [...groups].map(([signature, seeds]) => ({ signature, seeds }));
  }

  /** What is known of the scenario. */
  result(): ScenarioResult {
    const { name, doc, sometimes } = this.info;
    const faults = [...this.#faults].map(([fault, count]) => ({ fault, ...count }));
    return {
      name,
      doc,
      seedsPlanned: this.total,
      seeds: this.seeds,
      failedSeeds: this.#failed.length,
      found: this.#signatures.size,
      virtualMicros: this.#virtualMicros,
      cpuMicros: this.#cpuMicros,
      events: this.#events,
      faults,
      inertFaults: faults.filter((count) => count.bit === 0).map((count) => count.fault),
      reached: sometimes.filter((property) => this.#reached.has(property)),
      unreached: sometimes.filter((property) => !this.#reached.has(property)),
      hash: hex64(this.#high, this.#low),
    };
  }

  #fold(result: RunResult): void {
    this.#folded++;
    this.#virtualMicros += result.virtualMicros;
    this.#cpuMicros += result.cpuMicros;
    this.#events += result.events;
    this.#high = mix(this.#high, Number.parseInt(result.hash.slice(0, 8), 16));
    this.#low = mix(this.#low, Number.parseInt(result.hash.slice(8), 16));
    for (const { fault, injected, bit } of result.faults) {
      const count = this.#faults.get(fault);
      // A scripted fault that is not among the scenario's families: it is the script's business whether it bites.
      if (count === undefined) continue;
      count.runs++;
      count.injected += injected;
      count.bit += bit;
    }
    for (const property of result.reached) this.#reached.add(property);
    if (result.failure !== null) this.#fail(result, result.failure);
  }

  #fail(result: RunResult, failure: Failure): void {
    const { index, seed, items } = result;
    this.#failed.push({ index, seed, items, failure });
    this.#signatures.add(failure.signature);
    if (isLost(failure)) this.#lost++;
    this.#isStopped ||= this.#signatures.size >= this.#failuresMax || this.#lost >= lostRunsMax;
  }
}

/** Whether a run ended by being given up, so that repeating it is slow. */
export function isLost(failure: Failure): boolean {
  return failure.invariant === "hung" || failure.invariant === "worker-died";
}

/** The hash of a suite from those of its scenarios, in their order. */
export function foldHashes(hashes: readonly string[]): string {
  let [high, low] = lanesStart;
  for (const hash of hashes) {
    high = mix(high, Number.parseInt(hash.slice(0, 8), 16));
    low = mix(low, Number.parseInt(hash.slice(8), 16));
  }
  return hex64(high, low);
}

/** The result of a seed whose worker hung or died. */
export function lostResult(
  run: { readonly index: number; readonly seed: string },
  how: "hung" | "died",
  message: string,
): RunResult {
  const invariant = how === "hung" ? "hung" : "worker-died";
  return {
    index: run.index,
    seed: run.seed,
    hash: "0".repeat(16),
    events: 0,
    virtualMicros: 0,
    cpuMicros: 0,
    items: 0,
    faults: [],
    reached: [],
    failure: {
      verdict: "out-of-budget",
      signature: invariant,
      invariant,
      subject: "",
      message: `the worker thread ${how === "hung" ? "made" : "was lost:"} ${message}`,
      at: 0 as Micros,
      process: null,
      event: 0,
    },
  };
}
