/**
 * The queue of a run: a 4-ary heap ordered by (virtual time, tie-break, sequence). The tie-break is a keyed choice over
 * the event's channel and is asked for only when two times are equal; events of one channel share it, so a channel
 * stays first in, first out. Every event knows its place, so that a cancelled one leaves at once.
 */
import type { Process } from "./process.ts";

/** Its fields are only declared, so that each is written once: events are what a run makes most of. */
export class KernelEvent {
  declare at: number;
  /** -1 until it is needed. */
  declare tie: number;
  /** Where it stands in the queue, or -1. */
  declare place: number;
  declare readonly seq: number;
  declare readonly process: Process | null;
  /** Interned kind. */
  declare readonly kind: number;
  /** Events of one channel at one time keep their order. */
  declare readonly channel: number;
  /** Null once cancelled or dispatched. */
  declare run: ((arg: any) => void) | null;
  declare readonly arg: unknown;

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
    this.tie = -1;
    this.place = -1;
    this.seq = seq;
    this.process = process;
    this.kind = kind;
    this.channel = channel;
    this.run = run;
    this.arg = arg;
  }
}

export class EventQueue {
  readonly #heap: KernelEvent[] = [];
  readonly #tieOf: (event: KernelEvent) => number;

  constructor(tieOf: (event: KernelEvent) => number) {
    this.#tieOf = tieOf;
  }

  /** Events that are still to come. */
  get size(): number {
    return this.#heap.length;
  }

  push(event: KernelEvent): void {
    this.#rise(this.#heap.length, event);
  }

  /** Takes the next event unless it is later than `until`; undefined when there is none. */
  popUntil(until: number): KernelEvent | undefined {
    const heap = this.#heap;
    const top = heap[0];
    if (top === undefined || top.at > until) return undefined;
    top.place = -1;
    const last = heap.pop()!;
    if (heap.length > 0) this.#sink(0, last);
    return top;
  }

  /** Time of the next event, or Infinity. */
  peekTime(): number {
    return this.#heap.length === 0 ? Infinity : this.#heap[0]!.at;
  }

  /** Cancels an event wherever it waits; without effect once it was cancelled or dispatched. */
  cancel(event: KernelEvent): void {
    if (event.run === null) return;
    event.run = null;
    const index = event.place;
    if (index < 0) return;
    event.place = -1;
    const heap = this.#heap;
    const last = heap.pop()!;
    if (last === event) return;
    if (index > 0 && this.#isBefore(last, heap[(index - 1) >> 2]!)) this.#rise(index, last);
    else this.#sink(index, last);
  }

  /** Puts an event at a place that is free, or above it. */
  #rise(start: number, event: KernelEvent): void {
    const heap = this.#heap;
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 2;
      const above = heap[parent]!;
      if (!this.#isBefore(event, above)) break;
      heap[index] = above;
      above.place = index;
      index = parent;
    }
    heap[index] = event;
    event.place = index;
  }

  /** Puts an event at a place that is free, or below it. */
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
      bestEvent.place = index;
      index = best;
    }
    heap[index] = event;
    event.place = index;
  }

  #isBefore(a: KernelEvent, b: KernelEvent): boolean {
    if (a.at !== b.at) return a.at < b.at;
    if (a.tie < 0) a.tie = this.#tieOf(a);
    if (b.tie < 0) b.tie = this.#tieOf(b);
    if (a.tie !== b.tie) return a.tie < b.tie;
    return a.seq < b.seq;
  }
}
