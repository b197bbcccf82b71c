/**
 * What is known about the order of the values of each key, every value being put once. A value is *established* once
 * its put was acknowledged or a read has returned it. An operation that shows value v (a put of v, a read of v) *retires*
 * all others that were established before it began: v came after them, so no read that begins after it has ended may
 * return one of them. Each value is established and retired once, so the cost is linear in events.
 */
import type { Breach } from "wavetank";
import type { Value } from "./protocol.ts";

type Shown = Value | null;

/** Moments are counts of calls. */
interface Register {
  /** Established values that are not retired, oldest first, with the moment. The key's first value is null. */
  readonly live: Map<Shown, number>;
  readonly retired: Map<Shown, { readonly at: number; readonly by: Shown }>;
}

export class Replacements {
  readonly #registers = new Map<string, Register>();
  readonly #begun = new Map<string, number>();
  #moment = 0;

  begin(operation: string): void {
    this.#begun.set(operation, ++this.#moment);
  }

  /** A value of a key is there. */
  establish(key: string, value: Shown): void {
    const { live, retired } = this.#register(key);
    if (!live.has(value) && !retired.has(value)) live.set(value, ++this.#moment);
  }

  /** An operation that began ends, having shown a value: it replaces what was there before. */
  retire(key: string, value: Shown, operation: string): void {
    const { live, retired } = this.#register(key);
    const begun = this.#begun.get(operation) ?? 0;
    const now = ++this.#moment;
    for (const [other, established] of live) {
      if (established > begun) break;
      if (other === value) continue;
      live.delete(other);
      retired.set(other, { at: now, by: value });
    }
  }

  /** A read that began has returned a value: a breach when that was retired before it began. */
  check(key: string, value: Shown, read: string): Breach | undefined {
    const retired = this.#register(key).retired.get(value);
    if (retired === undefined || retired.at > (this.#begun.get(read) ?? 0)) return undefined;
    return { expected: retired.by, observed: value };
  }

  #register(key: string): Register {
    let register = this.#registers.get(key);
    if (register === undefined) {
      register = { live: new Map([[null, 0]]), retired: new Map() };
      this.#registers.set(key, register);
    }
    return register;
  }
}
