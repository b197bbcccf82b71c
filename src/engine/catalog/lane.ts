/** One after the other, and one for many: how tasks of one process share what only one of them may use. */

/** Runs tasks one at a time, in the order in which they came. A task that fails does not hold up the next. */
export class Lane {
  #last: Promise<unknown> = Promise.resolve();

  /** Resolves or rejects as the task does. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task);
    this.#last = result.catch(() => undefined);
    return result;
  }
}

/**
 * An expensive question that many ask: each asker gets an answer that was begun after it asked. Those who ask while one
 * is under way share the next.
 */
export class Shared<T> {
  readonly #ask: () => Promise<T>;
  #running: Promise<T> | null = null;
  #next: Promise<T> | null = null;

  constructor(ask: () => Promise<T>) {
    this.#ask = ask;
  }

  /** Resolves or rejects as the question does. */
  ask(): Promise<T> {
    if (this.#running === null) return this.#begin();
    return (this.#next ??= this.#running.then(
      () => this.#begin(),
      () => this.#begin(),
    ));
  }

  #begin(): Promise<T> {
    this.#next = null;
    const done = (): void => {
      this.#running = null;
    };
    const running = this.#ask();
    this.#running = running;
    running.then(done, done);
    return running;
  }
}
