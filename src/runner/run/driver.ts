/** The driver: the process that runs the body of a simulation, with the world in its hands. No fault touches it. */
import type { Json, JsonObject } from "../../base/json.ts";
import type { Duration, Micros } from "../../base/time.ts";
import type { DriverHost, Program, StartOptions, World } from "../../ports/world.ts";
import type { Process } from "../../kernel/process.ts";
import type { MachineRoom } from "../../machine/room.ts";
import type { BodyContext } from "../body.ts";
import type { BugDefinition, FaultDefinition, SimDefinition } from "../definition.ts";
import type { Judge } from "./judge.ts";
import type { Injector } from "./injector.ts";
import type { OpItem, Plan } from "../plan/plan.ts";
import { hashText } from "../../base/hash.ts";
import { unknownName } from "../../base/nearest.ts";
import { UsageError } from "../../base/errors.ts";
import { formatDuration, micros, parseDuration } from "../../base/time.ts";
import { site } from "../../kernel/choices.ts";
import { HostPort } from "../../machine/host-port.ts";

const worldSite = site("world");

/** A host as the driver holds it. */
class DriverPort extends HostPort implements DriverHost {
  readonly #room: MachineRoom;

  constructor(room: MachineRoom, name: string, process: Process) {
    super(room, room.machine(name), process, () => undefined);
    this.#room = room;
  }

  start(program: Program, options?: StartOptions): void {
    this.#room.start(this.name, program, options);
  }

  processes(): readonly string[] {
    return [...this.#room.machine(this.name).processes.keys()];
  }

  hasLeft(): boolean {
    const services = this.#room.services.filter(({ machine }) => machine.name === this.name);
    return services.every((service) => !service.isRunning && !service.isExpected);
  }

  retire(): void {
    for (const service of this.#room.services) {
      if (service.machine.name === this.name) service.retire();
    }
  }
}

export interface DriverOptions {
  readonly room: MachineRoom;
  readonly process: Process;
  readonly injector: Injector;
  readonly judge: Judge;
  readonly definition: SimDefinition;
  readonly plan: Plan;
  readonly bug: BugDefinition | null;
}

export class Driver {
  readonly reached = new Set<string>();
  readonly #options: DriverOptions;
  readonly #hosts = new Map<string, DriverPort>();
  #isDone = false;

  constructor(options: DriverOptions) {
    this.#options = options;
  }

  get isDone(): boolean {
    return this.#isDone;
  }

  /** Schedules the body as the first thing the driver does. */
  launch(): void {
    const { room, process, definition } = this.#options;
    const run = async (): Promise<void> => {
      await definition.body(this.#context());
      this.#isDone = true;
    };
    const kind = room.kernel.trace.intern("process.start");
    room.kernel.schedule(process, 0, kind, process.timerChannel, () => void run(), undefined);
  }

  #context(): BodyContext {
    const { definition, plan, bug, injector } = this.#options;
    return {
      world: this.#world(),
      run: (ops) => this.#run(ops),
      sometimes: (property, condition = true) => {
        if (!Object.hasOwn(definition.sometimes, property)) {
          throw new UsageError(unknownName("sometimes property", property, Object.keys(definition.sometimes)));
        }
        if (condition) this.reached.add(property);
      },
      faults: {
        inject: <P extends JsonObject>(fault: FaultDefinition<P> | { readonly fault: FaultDefinition<P> }, params: P) =>
          injector.injectNow(("fault" in fault ? fault.fault : fault) as unknown as FaultDefinition, params),
      },
      knobs: plan.knobs,
      policies: { ...definition.policies, ...bug?.policies } as { readonly [name: string]: never },
      seed: plan.seed,
      settle: async ({ within, every = "250ms" }) => {
        this.#heal();
        const { room, judge, process } = this.#options;
        room.kernel.observe(process, "faults.over", {});
        const endsAt = room.kernel.now + parseDuration(within);
        const step = parseDuration(every);
        while (!judge.holds && room.kernel.now < endsAt) await this.#host("driver").sleep(step);
      },
      within: (limit) => this.#within(parseDuration(limit)),
    };
  }

  #world(): World {
    const { room, process } = this.#options;
    const sleep = (duration: Duration | Micros): Promise<void> => this.#host("driver").sleep(duration);
    return {
      get now() {
        return micros(room.kernel.now);
      },
      host: (name) => this.#host(name),
      emit: (kind, data) => this.#host("driver").emit(kind, data),
      choose: (key, n) => room.kernel.oracle.choose(worldSite, hashText(key), n),
      provide: (name, controls) => {
        if (room.provided.has(name)) throw new TypeError(`controls named "${name}" were provided before`);
        room.provided.set(name, controls);
      },
      at: (moment, step) => this.#at(parseDuration(moment), step),
      sleep,
      heal: async ({ within }) => {
        this.#heal();
        this.#within(parseDuration(within));
        while (!room.isWhole) await sleep("10ms");
        room.kernel.observe(process, "world.healed", {});
      },
      until: async (condition, options = {}) => {
        const every = parseDuration(options.every ?? "10ms");
        while (!(await condition())) await sleep(every);
      },
    };
  }

  #heal(): void {
    const { injector, room } = this.#options;
    injector.healAll();
    for (const service of room.services) service.revive();
  }

  #host(name: string): DriverPort {
    let host = this.#hosts.get(name);
    if (host === undefined) {
      host = new DriverPort(this.#options.room, name, this.#options.process);
      this.#hosts.set(name, host);
    }
    return host;
  }

  #at(moment: number, step: () => Promise<unknown> | unknown): void {
    const { room, process } = this.#options;
    const { kernel } = room;
    const delay = Math.max(0, moment - kernel.now);
    const run = async (): Promise<void> => {
      await step();
    };
    kernel.schedule(process, delay, kernel.trace.intern("script"), process.timerChannel, () => void run(), undefined);
  }

  /** From now on the body has this long to end. */
  #within(limit: Micros): void {
    const { kernel } = this.#options.room;
    const fail = (): void => {
      if (this.#isDone) return;
      kernel.fail({
        rule: "stuck",
        subject: "after healing",
        message: `the body did not end within ${formatDuration(limit)} of healing`,
        process: null,
      });
    };
    kernel.schedule(null, limit, kernel.trace.intern("deadline"), 0, fail, undefined);
  }

  /** Each session performs its ops one after the other, not before their times. */
  async #run(ops: {
    readonly [op: string]: (value: never, session: number) => Promise<unknown> | unknown;
  }): Promise<void> {
    const { plan } = this.#options;
    const sessions = new Map<number, { readonly item: OpItem; readonly index: number }[]>();
    for (const [index, item] of plan.items.entries()) {
      if (item.kind !== "op") continue;
      if (!Object.hasOwn(ops, item.op)) {
        throw new UsageError(`run() was given no "${item.op}": ${unknownName("op", item.op, Object.keys(ops))}`);
      }
      const queue = sessions.get(item.session) ?? [];
      queue.push({ item, index });
      sessions.set(item.session, queue);
    }
    await Promise.all([...sessions.values()].map((queue) => this.#session(queue, ops)));
  }

  async #session(
    queue: readonly { readonly item: OpItem; readonly index: number }[],
    ops: { readonly [op: string]: (value: never, session: number) => Promise<unknown> | unknown },
  ): Promise<void> {
    const { room } = this.#options;
    const driver = this.#host("driver");
    for (const { item, index } of queue) {
      const wait = item.at - room.kernel.now;
      if (wait > 0) await driver.sleep(micros(wait));
      driver.emit("op.started", { item: index, op: item.op, session: item.session, value: item.value });
      let outcome = "ok";
      try {
        await ops[item.op]!(item.value as never, item.session);
      } catch (error) {
        const code = (error as { code?: Json } | null)?.code;
        if (typeof code !== "string" || error instanceof UsageError) throw error;
        outcome = `unknown (${code})`;
      }
      driver.emit("op.ended", { item: index, op: item.op, session: item.session, outcome });
    }
  }
}
