/**
 * The queue of a run: a 4-ary heap ordered by (virtual time, tie-break, sequence). The tie-break is a keyed choice over
 * the event's channel and is asked for only when two times are equal; events of one channel share it, so a channel
 * stays first in, first out. Cancelled events stay until they reach the top or outnumber the living.
 */
import type { Process } from "./process.ts";

export class KernelEvent {
  at: number;
  /** -1 until it is needed. */
  tie = -1;
  isQueued = false;
  readonly seq: number;
  readonly process: Process | null;
  /** Interned kind. */
  readonly kind: number;
  /** Events of one channel at one time keep their order. */
  readonly channel: number;
  /** Null once cancelled or dispatched. */
  run: ((arg: any) => void) | null;
  readonly arg: unknown;

  constructor(
    at: number,
    seq: number,
    process: Process | null,
    kind: number,
    channel: number,
    run: (arg: any) => void,
    arg: unknown,
  ) {
    this.at = at;
    this.seq = seq;
    this.process = process;
    this.kind = kind;
    this.channel = channel;
    this.run = run;
    this.arg = arg;
  }
}

export class EventQueue {
  #heap: KernelEvent[] = [];
  #cancelled = 0;
  readonly #tieOf: (event: KernelEvent) => number;

  constructor(tieOf: (event: KernelEvent) => number) {
    this.#tieOf = tieOf;
  }

  /** Events that are still to come. */
  get size(): number {
    return this.#heap.length - this.#cancelled;
  }

  push(event: KernelEvent): void {
    event.isQueued = true;
    const heap = this.#heap;
    let index = heap.length;
    heap.push(event);
    while (index > 0) {
      const parent = (index - 1) >> 2;
      const above = heap[parent]!;
      if (!this.#isBefore(event, above)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = event;
  }

  /** Takes the next event that was not cancelled and is not later than `until`; undefined when there is none. */
  popUntil(until: number): KernelEvent | undefined {
    for (;;) {
      const top = this.#heap[0];
      if (top === undefined || (top.run !== null && top.at > until)) return undefined;
      this.#take();
      top.isQueued = false;
      if (top.run !== null) return top;
      this.#cancelled--;
    }
  }

  /** Time of the next event, or Infinity. */
  peekTime(): number {
    while (this.#heap.length > 0 && this.#heap[0]!.run === null) {
      this.#take();
      this.#cancelled--;
    }
    return this.#heap.length === 0 ? Infinity : this.#heap[0]!.at;
  }

  /** Cancels an event wherever it waits; without effect once it was cancelled or dispatched. */
  cancel(event: KernelEvent): void {
    if (event.run === null) return;
    event.run = null;
    if (!event.isQueued) return;
    this.#cancelled++;
    if (this.#cancelled > 1_024 && this.#cancelled * 4 > this.#heap.length * 3) this.#compact();
  }

  #take(): KernelEvent | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return top;
    this.#sink(0, last);
    return top;
  }

  #sink(start: number, event: KernelEvent): void {
    const heap = this.#heap;
    const length = heap.length;
    let index = start;
    for (;;) {
      const first = index * 4 + 1;
      if (first >= length) break;
      let best = first;
      let bestEvent = heap[first]!;
      const end = first + 4 < length ? first + 4 : length;
      for (let child = first + 1; child < end; child++) {
        const candidate = heap[child]!;
        if (this.#isBefore(candidate, bestEvent)) {
          best = child;
          bestEvent = candidate;
        }
      }
      if (!this.#isBefore(bestEvent, event)) break;
      heap[index] = bestEvent;
      index = best;
    }
    heap[index] = event;
  }

  #compact(): void {
    this.#heap = this.#heap.filter((event) => event.run !== null);
    this.#cancelled = 0;
    for (let index = (this.#heap.length - 2) >> 2; index >= 0; index--) this.#sink(index, this.#heap[index]!);
  }

  #isBefore(a: KernelEvent, b: KernelEvent): boolean {
    if (a.at !== b.at) return a.at < b.at;
    if (a.tie < 0) a.tie = this.#tieOf(a);
    if (b.tie < 0) b.tie = this.#tieOf(b);
    if (a.tie !== b.tie) return a.tie < b.tie;
    return a.seq < b.seq;
  }
}
