/**
 * A host's disk at work: operations take time, run in order per file, and meet the faults that are turned on. An
 * operation that was issued happens even when its process dies meanwhile; at a power loss a choice says whether one that
 * was under way still happened.
 */
import type { Json } from "../../base/json.ts";
import type { Kernel } from "../../kernel/kernel.ts";
import type { Process } from "../../kernel/process.ts";
import { fold53, hashText, mix } from "../../base/hash.ts";
import { key, site } from "../../kernel/choices.ts";
import { DiskError } from "../port-errors.ts";
import { DiskState } from "./disk-state.ts";

export interface DiskOperation {
  readonly file: string;
  readonly isWrite: boolean;
  readonly needsSpace: boolean;
  /** Shortest time it takes, µs; up to four times that. */
  readonly micros: number;
  readonly text: string;
  readonly apply: (state: DiskState) => unknown;
}

interface Pending {
  readonly operation: DiskOperation;
  readonly process: Process;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly key: number;
  readonly text: string;
}

const latencySite = site("disk.latency");
const failSite = site("disk.fail");
const lossSite = site("disk.power-loss");

export class Disk {
  readonly state = new DiskState();
  delayMicros = 0;
  fills = 0;
  /** One operation in so many fails, for every active fault. */
  readonly failures: number[] = [];
  readonly #kernel: Kernel;
  readonly #host: string;
  readonly #salt: number;
  readonly #kind: { readonly apply: number; readonly done: number };
  /** When the last operation on a file ends, µs. */
  readonly #busyUntil = new Map<string, number>();
  readonly #counts = new Map<string, number>();
  readonly #pending = new Set<Pending>();

  constructor(kernel: Kernel, host: string) {
    this.#kernel = kernel;
    this.#host = host;
    this.#salt = hashText(host);
    this.#kind = { apply: kernel.trace.intern("disk.apply"), done: kernel.trace.intern("disk.done") };
  }

  /** Starts an operation for a process; the promise is settled by an event of that process. */
  start(process: Process, operation: DiskOperation): Promise<any> {
    return new Promise((resolve, reject) => {
      this.#kernel.stage(process, () => this.#issue(process, operation, resolve, reject), undefined);
    });
  }

  /**
   * The machine loses power: of the operations under way on a file some first ones happen (those behind a lost one are
   * lost too), unsynced ends of texts are lost or torn. A process that outlives it, as a client's may, gets `EIO`.
   */
  losePower(): void {
    const pending = [...this.#pending];
    this.#pending.clear();
    this.#busyUntil.clear();
    const cut = new Set<string>();
    for (const { operation, key: operationKey } of pending) {
      if (!operation.isWrite) continue;
      if (!cut.has(operation.file) && this.#kernel.oracle.choose(lossSite, operationKey, 2) === 0) {
        operation.apply(this.state);
        continue;
      }
      cut.add(operation.file);
      this.#kernel.observe(null, "disk.write-lost", { host: this.#host });
    }
    const now = fold53(this.#kernel.now);
    const damage = this.state.losePower((file, unsynced) => {
      const fileKey = key(this.#salt, hashText(file), now);
      const fate = this.#kernel.oracle.choose(lossSite, fileKey, 4);
      if (fate === 0) return unsynced;
      return fate === 1 ? 0 : this.#kernel.oracle.choose(lossSite, mix(fileKey, 1), unsynced + 1);
    });
    for (const { isTorn } of damage) {
      this.#kernel.observe(null, isTorn ? "disk.write-torn" : "disk.write-lost", { host: this.#host });
    }
    for (const survivor of pending) {
      this.#done(survivor, survivor.reject, new DiskError("EIO", survivor.operation.file));
    }
  }

  #issue(
    process: Process,
    operation: DiskOperation,
    resolve: (value: unknown) => void,
    reject: (error: unknown) => void,
  ): void {
    const kernel = this.#kernel;
    const count = (this.#counts.get(operation.file) ?? 0) + 1;
    this.#counts.set(operation.file, count);
    const operationKey = key(this.#salt, hashText(operation.file), count);
    const bucket = kernel.oracle.choose(latencySite, operationKey, 16);
    if (this.delayMicros > 0 && operation.isWrite) kernel.observe(null, "disk.write-delayed", { host: this.#host });
    const took = operation.micros + Math.floor((operation.micros * 3 * bucket) / 16) + this.delayMicros;
    const ends = Math.max(kernel.leavesAt + took, this.#busyUntil.get(operation.file) ?? 0);
    this.#busyUntil.set(operation.file, ends);
    const pending: Pending = { operation, process, resolve, reject, key: operationKey, text: operation.text };
    this.#pending.add(pending);
    kernel.schedule(null, ends - kernel.now, this.#kind.apply, this.#salt, (arg: Pending) => this.#apply(arg), pending);
  }

  #apply(pending: Pending): void {
    if (!this.#pending.delete(pending)) return;
    const { operation } = pending;
    if (operation.needsSpace && this.fills > 0) {
      this.#kernel.observe(null, "disk.full", { host: this.#host });
      return this.#done(pending, pending.reject, new DiskError("ENOSPC", operation.file));
    }
    for (const [index, oneIn] of this.failures.entries()) {
      const failKey = mix(pending.key, index);
      if (this.#kernel.oracle.choose(failSite, failKey, oneIn) !== 0) continue;
      this.#kernel.observe(null, "disk.failed", { host: this.#host });
      if (this.#kernel.oracle.choose(failSite, mix(failKey, 1), 2) === 0) operation.apply(this.state);
      return this.#done(pending, pending.reject, new DiskError("EIO", operation.file));
    }
    this.#done(pending, pending.resolve, operation.apply(this.state));
  }

  #done(pending: Pending, settle: (value: unknown) => void, value: unknown): void {
    this.#kernel.schedule(pending.process, 0, this.#kind.done, this.#salt, settle, value as Json);
  }
}
