/**
 * Batches of updates as blobs of an object store, written once under keys of their own and never changed. Failures of the
 * store are tried again for ever. Decoded batches are kept, up to a bound, for the readers of this process.
 */
import type { Json } from "../../base/json.ts";
import type { EnginePorts } from "../../ports/engine-ports.ts";
import type { Update } from "../collection.ts";
import { micros } from "../../base/time.ts";
import { persevere } from "../backoff.ts";
import { decodeBatch, encodeBatch } from "./shard-codec.ts";

type Updates = readonly Update<Json>[];

/** Blobs by key: all that persist needs of an object store. */
export interface Blobs {
  /** Undefined when there is none of that key. */
  get(key: string): Promise<string | undefined>;
  put(key: string, body: string): Promise<void>;
  delete(key: string): Promise<void>;
}

/** Blobs in the object store of the ports. A put may take effect twice, which is once: keys are used for one body only. */
export function objectBlobs({ host, objects }: EnginePorts): Blobs {
  return {
    get: (key) => persevere(host, async () => (await objects.get(key))?.body),
    put: (key, body) => persevere(host, async () => void (await objects.put(key, body))),
    delete: (key) => persevere(host, () => objects.delete(key)),
  };
}

/** A blob and its key. */
export interface StoredBatch {
  readonly key: string;
  readonly body: string;
}

/** Bodies that are kept until somebody reads them. */
const offeredMax = 32;

/** Updates that are kept decoded, in all batches together. */
const keptMax = 20_000;

export class BatchStore {
  readonly #ports: EnginePorts;
  readonly #blobs: Blobs;
  /** Least recently read first. */
  readonly #kept = new Map<string, Updates>();
  /** Bodies that came unasked, oldest first. */
  readonly #offered = new Map<string, string>();
  readonly #fetching = new Map<string, Promise<Updates | undefined>>();
  readonly #label: string;
  #keptCount = 0;
  #written = 0;

  constructor(ports: EnginePorts, label: string) {
    this.#ports = ports;
    this.#blobs = objectBlobs(ports);
    this.#label = label;
  }

  /** Stores a batch of a shard; resolves once it is durable. */
  async write(shard: string, updates: Updates): Promise<StoredBatch> {
    const key = `${shard}/${this.#label}-${++this.#written}`;
    const body = encodeBatch(updates);
    await this.#blobs.put(key, body);
    this.#keep(key, updates);
    return { key, body };
  }

  /** Takes a blob that somebody is about to read. */
  offer({ key, body }: StoredBatch): void {
    if (this.#kept.has(key)) return;
    this.#offered.set(key, body);
    if (this.#offered.size <= offeredMax) return;
    for (const oldest of this.#offered.keys()) {
      this.#offered.delete(oldest);
      return;
    }
  }

  /** The updates of a batch; undefined when its blob is gone. */
  read(key: string): Promise<Updates | undefined> {
    const kept = this.#kept.get(key);
    if (kept !== undefined) {
      this.#kept.delete(key);
      this.#kept.set(key, kept);
      return Promise.resolve(kept);
    }
    const offered = this.#offered.get(key);
    if (offered !== undefined) {
      this.#offered.delete(key);
      return Promise.resolve(this.#decode(key, offered));
    }
    const fetching = this.#fetching.get(key) ?? this.#fetch(key);
    this.#fetching.set(key, fetching);
    return fetching;
  }

  /** Deletes blobs that nothing refers to any more, after a delay in virtual µs; those of a process that dies first stay. */
  async deleteLater(keys: readonly string[], delay: number): Promise<void> {
    await this.#ports.host.sleep(micros(delay));
    for (const key of keys) {
      await this.#blobs.delete(key);
    }
  }

  async #fetch(key: string): Promise<Updates | undefined> {
    const body = await this.#blobs.get(key);
    this.#fetching.delete(key);
    return body === undefined ? undefined : this.#decode(key, body);
  }

  #decode(key: string, body: string): Updates {
    const updates = decodeBatch(body);
    this.#keep(key, updates);
    return updates;
  }

  #keep(key: string, updates: Updates): void {
    this.#kept.set(key, updates);
    this.#keptCount += updates.length;
    for (const [oldest, { length }] of this.#kept) {
      if (this.#keptCount <= keptMax || oldest === key) return;
      this.#kept.delete(oldest);
      this.#keptCount -= length;
    }
  }
}
