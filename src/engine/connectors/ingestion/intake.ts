/**
 * What has been read of a topic and waits to be bound to a time: changes in the order of reading, and the position of
 * each partition. A partition that is new is bound as a whole: nothing of it before it was read up to where it ended when
 * it was found, so that a snapshot never appears piecewise.
 */
import type { Fetched } from "../../../ports/kafka.ts";
import type { Entry, Time, Update } from "../../collection.ts";
import type { SourceEntry } from "./binding.ts";
import type { Envelope } from "./envelope.ts";
import { consolidate } from "../../consolidation.ts";
import { rebind } from "./binding.ts";

export class Intake {
  readonly #envelope: Envelope;
  /** Durable positions. */
  #bound: ReadonlyMap<number, number>;
  readonly #positions: Map<number, number>;
  /** Where new partitions ended when they were found. */
  readonly #snapshots = new Map<number, number>();
  #changes: (readonly [data: Entry, diff: number])[] = [];

  constructor(envelope: Envelope, bound: ReadonlyMap<number, number>, resume: ReadonlyMap<number, number>) {
    this.#envelope = envelope;
    this.#bound = bound;
    this.#positions = new Map(resume);
  }

  /** Where to read a partition from next. */
  position(partition: number): number | undefined {
    return this.#positions.get(partition);
  }

  /** A partition without a binding: it counts once it was read up to `end`. */
  discover(partition: number, start: number, end: number): void {
    this.#positions.set(partition, start);
    if (start < end) this.#snapshots.set(partition, end);
  }

  /** Takes in what was fetched from a partition at its position. */
  take(partition: number, fetched: Fetched): void {
    for (const record of fetched.records) this.#changes.push(...this.#envelope.apply(partition, record));
    this.#positions.set(partition, fetched.nextOffset);
    const end = this.#snapshots.get(partition);
    if (end !== undefined && fetched.nextOffset >= end) this.#snapshots.delete(partition);
  }

  /** Whether everything that is here may be bound: no partition is in the middle of its first reading. */
  get isWhole(): boolean {
    return this.#snapshots.size === 0;
  }

  /** Whether a binding would say something new. */
  get hasNews(): boolean {
    for (const [partition, position] of this.#positions) {
      if (this.#bound.get(partition) !== position) return true;
    }
    return false;
  }

  /**
   * Binds to `time` what is here: rows, errors and the new positions. Handed out once: where it does not become durable
   * the whole intake is to be thrown away, and the next one resumes from what is.
   */
  bind(time: Time): readonly Update<SourceEntry>[] {
    const changes = this.#changes.map(([data, diff]) => [data, time, diff] as const);
    const bindings = rebind(this.#bound, this.#positions, time);
    this.#changes = [];
    this.#bound = new Map(this.#positions);
    return [...consolidate(changes), ...bindings];
  }
}
