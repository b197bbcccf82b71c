/** The world as the driver of a simulation sees it. */
import type { Json } from "../base/json.ts";
import type { Duration, Micros } from "../base/time.ts";
import type { Host } from "./host.ts";

/** Code under test: runs as one process on one host; a rejection or an exception ends that process. */
export type Program = (host: Host) => Promise<unknown> | unknown;

/** How an incarnation ended by itself. */
export interface ProcessEnd {
  /** `exit`: exit(0); `halt`: another code; `panic`: an exception or rejection; `killed`: a fault or a stop. */
  readonly kind: "exit" | "halt" | "panic" | "killed";
  readonly code: number;
  /** Typed reason; of a panic the error's code or name. */
  readonly reason: string;
}

export interface StartOptions {
  /** Name of the process; the host's name unless given. */
  readonly name?: string;
  /**
   * `always`: a successor is started after every end; `on-failure`: not after `exit(0)`; default `never`. A function
   * decides by the end itself; it must be pure.
   */
  readonly restart?: "always" | "on-failure" | "never" | ((end: ProcessEnd) => boolean);
  /**
   * Told of every end as the supervisor learns of it, outside of any process: of one that dies slowly, when it is taken for
   * dead. May note it, and nothing else.
   */
  readonly onEnd?: (end: ProcessEnd) => void;
  /** Time from death to the successor's start; doubled up to `backoffMax` for deaths in a row. Default 500 ms. */
  readonly backoff?: Duration | Micros;
  readonly backoffMax?: Duration | Micros;
  /** `virtual` (default): Date, timers, Math.random … are the host's own. `ports`: reaching them is an error. */
  readonly ambient?: "virtual" | "ports";
}

/** A host as the driver holds it: a client's place on the network, and the power button. */
export interface DriverHost extends Host {
  start(program: Program, options?: StartOptions): void;
  /** Names of the live processes, `name#incarnation`. */
  processes(): readonly string[];
  /** Whether every program that was started here has ended and none is to be started again. */
  hasLeft(): boolean;
  /** Kills every process of the host and starts none of them again, as an orchestrator reaps what it no longer wants. */
  retire(): void;
}

export interface World {
  readonly now: Micros;
  host(name: string): DriverHost;
  /** An observation for invariants. */
  emit(kind: string, data: Json): void;
  /** A keyed choice in [0, n): for simulated services, whose whims belong to the seed. Equal keys choose alike. */
  choose(key: string, n: number): number;
  /** Hands faults what they may turn at a simulated service; they ask for it by this name. */
  provide(name: string, controls: object): void;
  /** Runs `step` at a moment of virtual time, as the driver. */
  at(moment: Duration | Micros, step: () => Promise<unknown> | unknown): void;
  sleep(duration: Duration | Micros): Promise<void>;
  /**
   * Faults are over: heals every active one, injects no more, brings dead processes back, and resolves when they listen
   * on their ports again. The body must end `within` from the call on.
   */
  heal(options: { readonly within: Duration | Micros }): Promise<void>;
  /** Waits until `condition` holds, looking again after every `every` (default 10 ms). */
  until(condition: () => boolean | Promise<boolean>, options?: { readonly every?: Duration | Micros }): Promise<void>;
}
