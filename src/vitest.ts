/**
 * `wavetank/vitest`: simulations as vitest tests. `simTest(title, options, body)` fails with the text of its first
 * finding, which ends with the command or the object that pins it.
 */
import { test } from "vitest";
import type { Body } from "./scenario/define-scenario.ts";
import { filePath, type CallPlace } from "./scenario/fresh-call.ts";
import { simulateAt, type SimulateOptions, type SimulateResult } from "./scenario/simulate.ts";

export { default as fc } from "fast-check";

/** What a failing `simTest` throws; `result` holds everything. */
export class SimulationFailure extends Error {
  override readonly name = "SimulationFailure";
  readonly result: SimulateResult;

  constructor(message: string, result: SimulateResult) {
    super(message);
    this.result = result;
    this.stack = `${this.name}: ${message}`;
  }
}

type SimTest = <Policies extends object = object>(
  title: string,
  options: SimulateOptions<Policies>,
  body: Body<Policies>,
) => void;

/** Ten minutes: a simulation ends by itself, by its own budget. */
const timeoutMillis = 600_000;

/** A test or suite of vitest, as far as its title goes. */
interface Titled {
  readonly name: string;
  readonly suite?: Titled | undefined;
}
type Task = Titled & { readonly file: { readonly filepath: string } };
type Declare = (title: string, run: (context: { readonly task: Task }) => Promise<void>, timeout: number) => void;

function simTestWith(declare: Declare): SimTest {
  return (title, options, body) => {
    declare(title, ({ task }) => run(task, { name: title, ...options }, body), timeoutMillis);
  };
}

async function run<Policies extends object>(
  task: Task,
  options: SimulateOptions<Policies>,
  body: Body<Policies>,
): Promise<void> {
  const file = filePath(options.file ?? task.file.filepath);
  const place: CallPlace = { file, test: fullTitle(task), order: 0 };
  const result = await simulateAt(() => place, options, body);
  if (!result.ok) throw new SimulationFailure(await describe(result), result);
}

/** The title with those of the suites around it, the outermost first. */
function fullTitle(task: Titled): string {
  const titles: string[] = [];
  for (let at: Titled | undefined = task; at !== undefined; at = at.suite) titles.unshift(at.name);
  return titles.join(" > ");
}

async function describe(result: SimulateResult): Promise<string> {
  const { simulationText } = await import("./report/text/simulation-text.ts");
  return simulationText(result);
}

/** Declares a simulation as a test; `.only` and `.skip` as in vitest. */
export const simTest: SimTest & { readonly only: SimTest; readonly skip: SimTest } = Object.assign(
  simTestWith((title, body, timeout) => test(title, body, timeout)),
  {
    only: simTestWith((title, body, timeout) => test.only(title, body, timeout)),
    skip: simTestWith((title, body, timeout) => test.skip(title, body, timeout)),
  },
);
