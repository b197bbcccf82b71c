/**
 * The trace of a run: a rolling 64-bit hash of integers over every event, always on; checkpoints of it, so that two runs
 * can be bisected; and full records, only when asked for. Strings enter the hash once, when they are interned.
 */
import { fold53, hashText, hex64, mix } from "../base/hash.ts";

/** A hash is kept after every so many events. */
export const checkpointEvents = 256;

export interface TraceLine {
  readonly event: number;
  readonly at: number;
  readonly process: string;
  readonly kind: string;
  readonly text: string;
  readonly hash: string;
}

export class Trace {
  /** Full records; stays empty unless `isRecording`. */
  readonly lines: TraceLine[] = [];
  readonly isRecording: boolean;
  readonly #names: string[] = [];
  readonly #numbers = new Map<string, number>();
  /** High and low lanes, by turns. */
  readonly #checkpoints: number[] = [];
  #high = 0x243f6a88;
  #low = 0x85a308d3;

  constructor(isRecording: boolean) {
    this.isRecording = isRecording;
  }

  /** The number of a string in this run, from 0 in order of first use. */
  intern(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const number = this.#names.length;
    this.#names.push(name);
    this.#numbers.set(name, number);
    this.fold(hashText(name), number);
    return number;
  }

  nameOf(number: number): string {
    return this.#names[number] ?? "?";
  }

  /**
   * Feeds one event. `at` is in microseconds. One step for each lane: for the same kind and process no two pairs of time
   * and channel go into both lanes alike, and each lane takes in the other, so that both come to depend on everything.
   */
  event(count: number, at: number, kind: number, process: number, channel: number): void {
    const who = (kind << 16) ^ process;
    // What is fed is multiplied apart from the lanes, so that the way from one event to the next is short.
    this.#high = mix(this.#high ^ this.#low, fold53(at) ^ Math.imul(channel, 0x9e3779b1));
    this.#low = mix(this.#low ^ this.#high, channel + Math.imul(who, 0x85ebca6b));
    if (count % checkpointEvents === 0) this.#checkpoints.push(this.#high, this.#low);
  }

  /** Feeds two more integers. */
  fold(a: number, b: number): void {
    this.#high = mix(this.#high, a);
    this.#low = mix(this.#low, b ^ this.#high);
  }

  /** The hash after every `checkpointEvents` events, 16 hex digits each. */
  get checkpoints(): string[] {
    const lanes = this.#checkpoints;
    return Array.from({ length: lanes.length / 2 }, (_, index) => hex64(lanes[index * 2]!, lanes[index * 2 + 1]!));
  }

  get hash(): string {
    return hex64(this.#high, this.#low);
  }

  /** Keeps a full record, when recording. */
  write(event: number, at: number, process: string, kind: string, text: string): void {
    if (this.isRecording) this.lines.push({ event, at, process, kind, text, hash: this.hash });
  }
}
