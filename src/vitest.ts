/**
 * `wavetank/vitest`: simulations as vitest tests. `simTest(title, options, body)` fails with the text of its first
 * finding, which ends with the command or the object that pins it.
 */
import { test } from "vitest";
import type { Body } from "./scenario/define-scenario.ts";
import { simulate, type SimulateOptions, type SimulateResult } from "./scenario/simulate.ts";

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

function simTestWith(declare: (title: string, run: () => Promise<void>, timeout: number) => void): SimTest {
  return (title, options, body) => {
    declare(title, () => run(title, options, body), timeoutMillis);
  };
}

async function run<Policies extends object>(
  title: string,
  options: SimulateOptions<Policies>,
  body: Body<Policies>,
): Promise<void> {
  const result = await simulate({ name: title, ...options }, body);
  if (!result.ok) throw new SimulationFailure(await describe(result), result);
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
