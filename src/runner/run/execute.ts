/**
 * Executes one plan: builds the world, runs it until the body has ended or something failed, and says what happened. A
 * pure function of (code, definition, plan); options change what is recorded and checked, never the hash.
 */
import type { Micros } from "../../base/time.ts";
import type { BugDefinition, SimDefinition } from "../definition.ts";
import type { Plan } from "../plan/plan.ts";
import type { ExecuteOptions, RunRecord } from "./record.ts";
import { UsageError } from "../../base/errors.ts";
import { unknownName } from "../../base/nearest.ts";
import { formatDuration } from "../../base/time.ts";
import { installAmbient, reassertAmbient } from "../../ambient/install.ts";
import { RandomOracle } from "../../kernel/choices.ts";
import { hasTickDrain, inMacrotask, runWithImmediates } from "../../kernel/drain.ts";
import { Kernel } from "../../kernel/kernel.ts";
import { watchPromises } from "../../kernel/promise-rule.ts";
import { epochMicros } from "../../machine/clock.ts";
import { MachineRoom } from "../../machine/room.ts";
import { checkOutgoing } from "./checking.ts";
import { Driver } from "./driver.ts";
import { failureOf } from "./failure.ts";
import { Injector } from "./injector.ts";
import { Judge } from "./judge.ts";
import { runGuarded } from "./guarded-run.ts";

export async function execute(definition: SimDefinition, plan: Plan, options: ExecuteOptions = {}): Promise<RunRecord> {
  installAmbient();
  const bug = plantedBug(definition, options.bug ?? null);
  return inMacrotask(() => {
    reassertAmbient();
    const world = build(definition, plan, bug, options);
    const stopWatching = options.checking === true ? watchPromises() : () => undefined;
    const until = options.until ?? Infinity;
    const stop = (): boolean => world.driver.isDone;
    const end = (): RunRecord => {
      stopWatching();
      return conclude(world, definition, plan, options);
    };
    if (hasTickDrain && options.drain !== "immediate") {
      runGuarded(world.kernel, until, stop, options.hangMillis ?? 5_000);
      return end();
    }
    return runWithImmediates(world.kernel, until, stop).then(end);
  });
}

interface ExecutedWorld {
  readonly kernel: Kernel;
  readonly judge: Judge;
  readonly injector: Injector;
  readonly driver: Driver;
}

function build(
  definition: SimDefinition,
  plan: Plan,
  bug: BugDefinition | null,
  options: ExecuteOptions,
): ExecutedWorld {
  const kernel = new Kernel({
    seed: plan.seed,
    oracle: new RandomOracle(plan.seed),
    isRecording: options.record ?? false,
    eventsMax: definition.budget.events,
    burstMax: definition.budget.burst,
  });
  const room = new MachineRoom(kernel);
  const own = (name: string, ambient: "virtual" | "ports") =>
    kernel.spawn({ name, incarnation: 1, hostName: name, ambient, clock: trueClock(kernel), costMicros: 0 });
  const driverProcess = own("driver", "virtual");
  const injector = new Injector(room, own("faults", "ports"));
  const judge = new Judge(kernel, own("checks", "ports"), definition.invariants);
  kernel.toleratesPanic = (_process, exit) => definition.tolerate.includes(exit.reason);
  kernel.observer = (seen) => {
    injector.see(seen);
    judge.see(seen);
  };
  if (options.checking === true) kernel.inspect = checkOutgoing;
  injector.schedule(definition, plan);
  const driver = new Driver({ room, process: driverProcess, injector, judge, definition, plan, bug });
  driver.launch();
  limitTime(kernel, definition.budget.virtual);
  return { kernel, judge, injector, driver };
}

/** The body must end in bounded virtual time. */
function limitTime(kernel: Kernel, virtual: Micros): void {
  const fail = (): void =>
    kernel.fail({
      rule: "stuck",
      subject: "no end",
      message: `the body did not end within ${formatDuration(virtual)} of virtual time`,
      process: null,
    });
  kernel.schedule(null, virtual, kernel.trace.intern("deadline"), 0, fail, undefined);
}

function conclude(world: ExecutedWorld, definition: SimDefinition, plan: Plan, options: ExecuteOptions): RunRecord {
  const { kernel, judge, injector, driver } = world;
  if (kernel.failure === null && driver.isDone) judge.atEnd();
  if (kernel.failure?.detail instanceof UsageError) throw kernel.failure.detail;
  const failure = kernel.failure === null ? null : failureOf(kernel.failure);
  const reached = Object.keys(definition.sometimes).filter(
    (property) => driver.reached.has(property) || judge.seen.has(property),
  );
  return {
    plan,
    bug: options.bug ?? null,
    verdict: failure?.verdict ?? "passed",
    failure,
    hash: kernel.trace.hash,
    events: kernel.events,
    endedAt: kernel.now as Micros,
    faults: injector.fates(),
    reached,
    console: kernel.console,
    checkpoints: kernel.trace.checkpoints,
    trace: kernel.trace.lines as unknown as RunRecord["trace"],
  };
}

function plantedBug(definition: SimDefinition, id: string | null): BugDefinition | null {
  if (id === null) return null;
  const bug = definition.bugs.find((candidate) => candidate.id === id);
  if (bug === undefined) {
    throw new UsageError(
      `scenario ${definition.name}: ${unknownName(
        "bug",
        id,
        definition.bugs.map((each) => each.id),
      )}`,
    );
  }
  return bug;
}

function trueClock(kernel: Kernel) {
  return {
    wallMicros: () => epochMicros + kernel.now,
    monotonicMicros: () => kernel.now,
    virtualDelay: (micros: number) => micros,
  };
}
