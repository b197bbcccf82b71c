/** Single runs of a body or a program, with a plan made by hand. */
import type { Host } from "../../src/ports/host.ts";
import type { PlanItem } from "../../src/runner/plan/plan.ts";
import type { ExecuteOptions, RunRecord } from "../../src/runner/run/record.ts";
import type { Body, SimulationOptions } from "../../src/scenario/define-scenario.ts";
import { execute } from "../../src/runner/run/execute.ts";
import { toDefinition } from "../../src/scenario/define-scenario.ts";

export interface Setup extends SimulationOptions {
  readonly items?: readonly PlanItem[];
  readonly run?: ExecuteOptions;
}

export function runBody(body: Body, { items = [], run = {}, ...options }: Setup = {}): Promise<RunRecord> {
  const plan = { scenario: "test", seed: "0000000000001", knobs: {}, items };
  return execute(toDefinition("test", options, body), plan, run);
}

/** Runs a program as the only server and waits a while. */
export function runProgram(program: (host: Host) => unknown, setup: Setup = {}): Promise<RunRecord> {
  return runBody(async ({ world }) => {
    world.host("server").start(program);
    await world.sleep("10s");
  }, setup);
}
