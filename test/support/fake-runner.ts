/** Stands in for the worker pool: answers tasks from functions, each after a delay of its own. */
import type { Note, Outcome, Task, TaskOptions, TaskRunner, TaskValues } from "../../src/runner/pool/messages.ts";

type Answers = {
  readonly [K in Task["kind"]]?: (
    task: Extract<Task, { readonly kind: K }>,
    note: (note: Note) => void,
    options: TaskOptions,
  ) => Outcome<TaskValues[K]> | Promise<Outcome<TaskValues[K]>>;
};

/** See the head of the file; keeps the tasks that it was given. */
export class FakeRunner implements TaskRunner {
  readonly tasks: { readonly task: Task; readonly isFresh: boolean }[] = [];
  readonly #answers: Answers;
  readonly #delayMillis: () => number;
  readonly #cancels = new Set<() => void>();

  constructor(answers: Answers, delayMillis: () => number = () => 0) {
    this.#answers = answers;
    this.#delayMillis = delayMillis;
  }

  async run<K extends Task["kind"]>(
    task: Extract<Task, { readonly kind: K }>,
    options: TaskOptions = {},
  ): Promise<Outcome<TaskValues[K]>> {
    this.tasks.push({ task, isFresh: options.isFresh === true });
    const answer = this.#answers[task.kind] as Answers[K];
    if (answer === undefined) throw new Error(`the test has no answer to ${task.kind}`);
    const cancelled = new Promise<Outcome<never>>((resolve) => {
      this.#cancels.add(() => resolve({ kind: "cancelled" }));
    });
    await new Promise((resolve) => setTimeout(resolve, this.#delayMillis()));
    return Promise.race([cancelled, Promise.resolve(answer(task, options.onNote ?? (() => {}), options))]);
  }

  cancel(): void {
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
  }
}
