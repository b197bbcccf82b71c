/** A list of 32-bit whole numbers that grows: what a plain array would need eight times the memory for. */

export class NumberList {
  #values = new Int32Array(1_024);
  length = 0;

  push(value: number): void {
    if (this.length === this.#values.length) {
      const larger = new Int32Array(this.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.length++] = value;
  }

  /** Undefined behaviour outside of the list: callers know its length. */
  at(index: number): number {
    return this.#values[index]!;
  }

  set(index: number, value: number): void {
    this.#values[index] = value;
  }
}
