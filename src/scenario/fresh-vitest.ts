/**
 * Stands in for `vitest` (and for `node:test`) in a thread that only collects: notes suites and tests, takes every
 * expectation as met, and refuses what prepares a test, since a test without it would not be the same.
 * Left out: tests made by `each`, `for` and `extend`, which are passed over.
 */
import { UsageError } from "../base/errors.ts";
import { collectorOfThread } from "./fresh-collector.ts";

type Declare = (title: unknown, ...rest: readonly unknown[]) => void;

/** Whatever is done to it, it is what comes out; awaiting it ends at once. */
const neutral: never = new Proxy(() => undefined, {
  get: (_target, key) => (typeof key === "symbol" || key === "then" ? undefined : neutral),
  apply: () => neutral,
}) as never;

/** `test.only` and the like declare as `test` does; `test.skip` and all that is not known declares nothing. */
function declaring(declare: Declare): never {
  const plain: readonly unknown[] = ["only", "concurrent", "sequential", "shuffle", "fails"];
  const both: never = new Proxy(declare, {
    get(_target, key) {
      if (plain.includes(key)) return both;
      return key === "skipIf" || key === "runIf" ? () => both : neutral;
    },
  }) as never;
  return both;
}

function titleOf(title: unknown): string {
  return typeof title === "function" ? title.name : String(title);
}

function bodyIn(rest: readonly unknown[]): ((context: object) => unknown) | undefined {
  return rest.find((each) => typeof each === "function") as ((context: object) => unknown) | undefined;
}

function refusing(name: string): () => never {
  return () => {
    throw new UsageError(`it uses ${name}, which only its test runner has`);
  };
}

function declareSuite(title: unknown, ...rest: readonly unknown[]): void {
  const body = bodyIn(rest);
  if (body !== undefined) collectorOfThread()?.describe(titleOf(title), () => body({}));
}

function declareTest(title: unknown, ...rest: readonly unknown[]): void {
  const body = bodyIn(rest);
  const collector = collectorOfThread();
  if (body === undefined || collector === undefined) return;
  const task = { name: titleOf(title), file: { filepath: collector.wanted.file } };
  collector.addTest(task.name, () => body({ task, expect: neutral }));
}

/** An object of which every member is refused. */
function refusingAll(name: string): Readonly<Record<string, never>> {
  return new Proxy({}, { get: (_target, key) => refusing(`${name}.${String(key)}`)() });
}

export const describe = declaring(declareSuite);
export const suite = declaring(declareSuite);
export const test = declaring(declareTest);
export const it = declaring(declareTest);

export const expect = neutral;
export const createExpect = neutral;
export const assert = neutral;
export const assertType = neutral;
export const expectTypeOf = neutral;
export const chai = neutral;
export const should = neutral;
export const bench = neutral;
export const recordArtifact = neutral;

/** What comes after a test matters no more. */
export const after = neutral;
export const afterAll = neutral;
export const afterEach = neutral;
export const onTestFailed = neutral;
export const onTestFinished = neutral;

export const before = refusing("before");
export const beforeAll = refusing("beforeAll");
export const beforeEach = refusing("beforeEach");
export const aroundAll = refusing("aroundAll");
export const aroundEach = refusing("aroundEach");
export const inject = refusing("inject");
export const vi = refusingAll("vi");
export const vitest = refusingAll("vitest");
export const mock = refusingAll("mock");
