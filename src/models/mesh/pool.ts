/** Values that are looked at often and made seldom, by small numbers: a state of the world is a few of these. */

export class Pool<T> {
  readonly #values: T[] = [];
  readonly #numbers = new Map<string, number>();

  /** The number of a value, the same for all that are written the same. */
  numberOf(value: T): number {
    const text = JSON.stringify(value, written);
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const number = this.#values.push(value) - 1;
    if (number > numberMax) throw new RangeError("too many different parts for one exploration");
    this.#numbers.set(text, number);
    return number;
  }

  at(number: number): T {
    return this.#values[number]!;
  }
}

/** A number is one character of a state's text. */
const numberMax = 0xffff;

/** Maps by key, since the order in which entries came says nothing. */
function written(_key: string, value: unknown): unknown {
  return value instanceof Map ? [...value].toSorted(([a], [b]) => Number(a) - Number(b)) : value;
}
