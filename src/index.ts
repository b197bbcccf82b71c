/**
 * Wavetank: deterministic simulation testing.
 * Start with `defineScenario` for suites run by the `wavetank` command, or `simulate` inside any test runner
 * (`simTest` of `wavetank/vitest` wraps it). Faults of the machine room are in `wavetank/faults`. Deeper down, `Kernel`
 * and `MachineRoom` are the event loop and the simulated machines alone.
 */
export { default as fc } from "fast-check";
export type { Json, JsonObject } from "./base/json.ts";
export type { Duration, Micros } from "./base/time.ts";
export { NondeterminismError, UsageError } from "./base/errors.ts";
export type { FaultWorld, Heal, HostControls, LinkControls, DiskControls, ClockControls } from "./ports/controls.ts";
export type { MachineEvents, Observation } from "./ports/events.ts";
export type { Clock, Connection, Disk, Host, Listener, Peer } from "./ports/host.ts";
export type { DriverHost, ProcessEnd, Program, StartOptions, World } from "./ports/world.ts";
export { DiskError, NetError } from "./machine/port-errors.ts";
export { RandomOracle, RecordingOracle, ReplayOracle, type Choice, type Oracle } from "./kernel/choices.ts";
export { hasTickDrain, inMacrotask, runSync, runWithImmediates } from "./kernel/drain.ts";
export { Kernel, type KernelOptions } from "./kernel/kernel.ts";
export { Process, type Exit, type ProcessOptions } from "./kernel/process.ts";
export { MachineRoom } from "./machine/room.ts";
export * from "./faults/public.ts";
export { defineInvariant } from "./invariants/define-invariant.ts";
export type { BodyContext } from "./runner/body.ts";
export type { Breach, BugDefinition, FaultDefinition, FaultUse, InvariantDefinition } from "./runner/definition.ts";
export { defineBug } from "./scenario/define-bug.ts";
export { defineConfig, type WavetankConfig } from "./scenario/config.ts";
export { defineScenario, type Body, type Scenario, type SimulationOptions } from "./scenario/define-scenario.ts";
export { simulate, type SimulateOptions, type SimulateResult } from "./scenario/simulate.ts";
