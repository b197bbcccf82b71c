/** A host as one process sees it (`ports/host.ts`): every promise handed out is settled by an event of that process. */
import type { Json } from "../base/json.ts";
import type { Duration, Micros } from "../base/time.ts";
import type { Clock, Connection, Host, Listener, Peer } from "../ports/host.ts";
import type { KernelEvent } from "../kernel/event-queue.ts";
import type { Process } from "../kernel/process.ts";
import type { Machine } from "./machine.ts";
import type { MachineRoom } from "./room.ts";
import { hashText } from "../base/hash.ts";
import { micros, parseDuration } from "../base/time.ts";
import { below, stream, type Stream } from "../kernel/rng.ts";
import { ExitSignal } from "../kernel/process.ts";
import { copyValue } from "./copy.ts";
import { NetError } from "./port-errors.ts";
import { ProcessDisk } from "./disk/disk-port.ts";
import { parseAddress } from "./network/address.ts";
import type { End } from "./network/end.ts";
import { RpcClient, serveRpc } from "./network/rpc.ts";

const callTimeout = "5s";

export class HostPort implements Host {
  readonly name: string;
  readonly process: string;
  readonly disk: ProcessDisk;
  readonly clock: Clock;
  readonly #room: MachineRoom;
  readonly #machine: Machine;
  readonly #process: Process;
  readonly #onStop: (run: () => unknown) => void;
  /** Pooled connections by address: those that are open, and those being opened. */
  readonly #clients = new Map<string, RpcClient>();
  readonly #openings = new Map<string, Promise<RpcClient>>();
  #entropy: Stream | null = null;

  constructor(room: MachineRoom, machine: Machine, process: Process, onStop: (run: () => unknown) => void) {
    this.name = machine.name;
    this.process = process.label;
    this.#room = room;
    this.#machine = machine;
    this.#process = process;
    this.#onStop = onStop;
    this.disk = new ProcessDisk(process, machine.disk);
    this.clock = {
      wall: () => micros(machine.clock.wallMicros()),
      monotonic: () => micros(machine.clock.monotonicMicros()),
    };
  }

  random(n: number): number {
    this.#entropy ??= stream(this.#room.kernel.seed, `entropy/${this.#process.label}/${this.name}`);
    return below(this.#entropy, n);
  }

  listen(port: number, handler: (request: any, peer: Peer) => unknown): Promise<Listener> {
    return this.accept(port, (connection) => serveRpc(connection as End, handler));
  }

  accept(port: number, onConnection: (connection: Connection) => unknown): Promise<Listener> {
    const { listeners } = this.#machine;
    const process = this.#process;
    parseAddress(`${this.name}:${port}`);
    this.#machine.isOnNetwork = true;
    return new Promise((resolve, reject) => {
      const bind = (): void => {
        const taken = listeners.get(port);
        const isHeld = this.#machine.portsHeld > 0;
        if (isHeld || (taken !== undefined && taken.process.isAlive)) {
          this.#room.kernel.observe(null, "net.address-in-use", { host: this.name });
          return this.#soon(reject, new NetError("EADDRINUSE", `${this.name}:${port}`, true));
        }
        const record = { process, onConnection: onConnection as (end: End) => unknown };
        listeners.set(port, record);
        this.#machine.served.set(port, process.name);
        const close = (): void => {
          if (listeners.get(port) !== record) return;
          listeners.delete(port);
          this.#machine.served.delete(port);
        };
        this.#soon(resolve, { close: () => this.#room.kernel.stage(process, close, undefined) });
      };
      this.#room.kernel.stage(process, bind, undefined);
    });
  }

  connect(address: string, options: { readonly timeout?: Duration | Micros } = {}): Promise<Connection> {
    return this.#dial(address, parseDuration(options.timeout ?? callTimeout));
  }

  async call(address: string, request: Json, options: { readonly timeout?: Duration | Micros } = {}): Promise<any> {
    const { kernel } = this.#room;
    const timeoutMicros = parseDuration(options.timeout ?? callTimeout);
    const endsAt = kernel.now + this.#process.clock.virtualDelay(timeoutMicros);
    const client = this.#clients.get(address) ?? (await this.#opened(address, timeoutMicros));
    return new Promise((resolve, reject) => client.call(request, Math.max(1, endsAt - kernel.now), resolve, reject));
  }

  sleep(duration: Duration | Micros): Promise<void> {
    const delay = parseDuration(duration);
    return new Promise((resolve) => void this.#process.setTimer(delay / 1_000, false, resolve));
  }

  emit(kind: string, data: Json): void {
    const copy = copyValue(data, kind) as Json;
    this.#room.kernel.inspect?.(this.#process, copy);
    this.#room.kernel.observe(this.#process, kind, copy);
  }

  cpu(duration: Duration | Micros): void {
    this.#process.cpu(parseDuration(duration));
  }

  exit(code: number, reason = code === 0 ? "exit" : `exit(${code})`): never {
    this.#room.kernel.end(this.#process, { kind: code === 0 ? "exit" : "halt", code, reason });
    throw new ExitSignal();
  }

  onStop(handler: () => unknown): void {
    this.#onStop(handler);
  }

  /** The pooled connection once it is open; waits no longer than asked, even if another call's dialing does. */
  #opened(address: string, timeoutMicros: number): Promise<RpcClient> {
    const opening = this.#openings.get(address);
    if (opening === undefined) return this.#open(address, timeoutMicros);
    return new Promise((resolve, reject) => {
      const timer = this.#timer(timeoutMicros, () => reject(new NetError("ETIMEDOUT", address, true)));
      const settle = (act: () => void): void => {
        this.#room.kernel.cancel(timer);
        act();
      };
      opening.then(
        (client) => settle(() => resolve(client)),
        (error: Error) => settle(() => reject(error)),
      );
    });
  }

  #open(address: string, timeoutMicros: number): Promise<RpcClient> {
    const opening = this.#dial(address, timeoutMicros).then(
      (end) => {
        this.#openings.delete(address);
        const client: RpcClient = new RpcClient(end, address, () => {
          if (this.#clients.get(address) === client) this.#clients.delete(address);
        });
        this.#clients.set(address, client);
        return client;
      },
      (error: unknown) => {
        this.#openings.delete(address);
        throw error;
      },
    );
    this.#openings.set(address, opening);
    return opening;
  }

  #dial(address: string, timeoutMicros: number): Promise<End> {
    const { host, port } = parseAddress(address);
    const { kernel, network, machines } = this.#room;
    const process = this.#process;
    this.#machine.isOnNetwork = true;
    return new Promise((resolve, reject) => {
      if (!machines.has(host)) return this.#soon(reject, new NetError("ENOTFOUND", address, true));
      let isSettled = false;
      const expire = (): void => {
        isSettled = true;
        reject(new NetError("ETIMEDOUT", address, true));
      };
      const timer = this.#timer(timeoutMicros, expire);
      const settle = (act: () => void): void => {
        kernel.cancel(timer);
        isSettled = true;
        act();
      };
      const dialing = {
        process,
        fromHost: this.name,
        address,
        toHost: host,
        port,
        opened: (end: End) => (isSettled ? end.close() : settle(() => resolve(end))),
        failed: (code: "ECONNREFUSED") => {
          if (!isSettled) settle(() => reject(new NetError(code, address, true)));
        },
      };
      kernel.stage(process, () => network.dial(dialing as never), undefined);
    });
  }

  /** An event of this process after a time by its host's clock. */
  #timer(timeoutMicros: number, run: () => void): KernelEvent {
    const { kernel } = this.#room;
    const delay = this.#process.clock.virtualDelay(timeoutMicros);
    return kernel.schedule(this.#process, delay, kernel.kinds.timer, this.#process.timerChannel, run, undefined);
  }

  /** Settles a promise in an event of its own, right after the present dispatch. */
  #soon(settle: (value: any) => void, value: unknown): void {
    const { kernel } = this.#room;
    kernel.schedule(this.#process, 0, kernel.trace.intern("port.done"), hashText(this.name), settle, value);
  }
}
