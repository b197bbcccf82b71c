/**
 * What a thread holds in which a file is loaded anew for the sake of one call of `simulate`: no call runs there. The one
 * that is asked for hands over its definition and never returns, so that the program ends there; the others return at
 * once, with a result that says nothing. Tests are noted by their titles and not run, except for the one that makes the
 * call, up to it.
 */
import type { SimDefinition } from "../runner/definition.ts";
import type { CallPlace } from "./fresh-call.ts";
import { UsageError } from "../base/errors.ts";

type Wanted = CallPlace & { readonly name: string };

/** At a symbol, so that every copy of Wavetank in the thread sees it. */
const collectorKey = Symbol.for("wavetank.collector");

/** See the head of the file. */
export class Collector {
  readonly wanted: Wanted;
  /** Resolves when the call was reached. */
  readonly found: Promise<SimDefinition>;
  #take: (definition: SimDefinition) => void = () => undefined;
  /** Null for a title that several tests have. */
  readonly #tests = new Map<string, (() => unknown) | null>();
  readonly #suites: string[] = [];
  /** The test under way. */
  #test: string | null = null;
  #seen = 0;

  constructor(wanted: Wanted) {
    this.wanted = wanted;
    this.found = new Promise((resolve) => (this.#take = resolve));
  }

  /** A call of `simulate`. True for the one that is asked for: then it must not return. */
  offer(definition: SimDefinition): boolean {
    if (this.#test !== this.wanted.test || definition.name !== this.wanted.name) return false;
    if (this.#seen++ !== this.wanted.order) return false;
    this.#take(definition);
    return true;
  }

  /** A suite of tests. Throws `UsageError` for one whose tests are not known at once. */
  describe(title: string, body: () => unknown): void {
    this.#suites.push(title);
    const returned = body();
    this.#suites.pop();
    if (returned instanceof Promise) throw new UsageError(`its suite "${title}" is asynchronous`);
  }

  addTest(title: string, body: () => unknown): void {
    const path = [...this.#suites, title].join(" > ");
    this.#tests.set(path, this.#tests.has(path) ? null : body);
  }

  /** Runs the test that makes the call. Throws `UsageError` when there is none, or when it ends before the call. */
  async runTest(): Promise<void> {
    const { test } = this.wanted;
    if (test === null) return;
    const body = this.#tests.get(test);
    if (body === undefined) throw new UsageError(`it has no test "${test}" outside of its test runner`);
    if (body === null) throw new UsageError(`it has several tests "${test}"`);
    this.#test = test;
    try {
      await body();
    } catch (error) {
      throw new UsageError(`its test "${test}" failed before it came to the call: ${firstLine(error)}`, {
        cause: error,
      });
    }
  }
}

/** The thread's collector; undefined where simulations run. */
export function collectorOfThread(): Collector | undefined {
  return (globalThis as unknown as Record<symbol, Collector | undefined>)[collectorKey];
}

/** From now on the thread collects; undefined puts an end to that. */
export function collectInThread(collector: Collector | undefined): void {
  (globalThis as unknown as Record<symbol, Collector | undefined>)[collectorKey] = collector;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).split("\n")[0]!;
}
