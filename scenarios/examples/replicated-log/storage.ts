/**
 * The disk of one replica: term and vote in one file, the log in another. Writes to a file happen in the order in which
 * they are asked for. A full disk did not write: the same write is tried again until there is room. After an
 * input/output error nobody knows what the disk holds: the process ends, and its successor reads it.
 */
import { DiskError, type Host } from "wavetank";
import { formatLine, readLines } from "./lines.ts";
import type { Entry } from "./messages.ts";
import type { Policies } from "./policies.ts";
import { lasting, timing } from "./timing.ts";

const voteFile = "vote";
const logFile = "log";

export interface Durable {
  readonly term: number;
  readonly votedFor: string | null;
  readonly log: readonly Entry[];
}

export class Storage {
  /** Resolves when the votes that were saved until now are durable. */
  saved: Promise<void> = Promise.resolve();
  /** The same of entries. */
  stored: Promise<void> = Promise.resolve();
  /** Votes that are being written. */
  savesCount = 0;
  readonly #host: Host;
  readonly #policies: Policies;
  readonly #onFull: () => void;
  /** Where each line of the log file ends. */
  #ends: number[] = [];
  #written: Promise<void> = Promise.resolve();
  /** Stores that were asked for, that are in the page cache, and that are on the disk. */
  #storesCount = 0;
  #writtenCount = 0;
  #forcedCount = 0;

  /** `onFull` is called when a write finds no room. */
  constructor(host: Host, policies: Policies, onFull: () => void) {
    this.#host = host;
    this.#policies = policies;
    this.#onFull = onFull;
  }

  /** Reads both files. What it returns of the log is durable: a torn tail is cut off, the rest forced to the disk. */
  async recover(): Promise<Durable> {
    const { disk } = this.#host;
    const vote = await this.#certainly(() => disk.read<{ term: number; votedFor: string | null }>(voteFile));
    const text = await this.#certainly(() => disk.readText(logFile));
    const { entries, ends } = readLines(text, this.#policies.isWhole);
    const length = ends.at(-1) ?? 0;
    if (length < text.length) {
      this.#host.emit("log.torn-tail-cut", { from: text.length, to: length });
      await this.#certainly(() => disk.truncate(logFile, length));
    } else {
      await this.#certainly(() => disk.sync(logFile));
    }
    this.#ends = [...ends];
    this.#host.emit("log.recovered", { replica: this.#host.name, entries: entries.map(nameOf) });
    return { term: vote?.term ?? 0, votedFor: vote?.votedFor ?? null, log: entries };
  }

  saveVote(term: number, votedFor: string | null): Promise<void> {
    this.savesCount++;
    this.saved = this.saved.then(async () => {
      await this.#certainly(() => this.#policies.saveVote(this.#host.disk, voteFile, { term, votedFor }));
      this.savesCount--;
    });
    return this.saved;
  }

  /** Keeps so many entries of the log and puts these behind them. */
  store(keep: number, entries: readonly Entry[]): Promise<void> {
    const number = ++this.#storesCount;
    const written = (this.#written = this.#written.then(() => this.#write(keep, entries)));
    this.stored = this.stored.then(async () => {
      await written;
      if (this.#forcedCount < number) await this.#force();
      this.#host.emit("log.stored", { replica: this.#host.name, keep, entries: entries.map(nameOf) });
    });
    return this.stored;
  }

  async #write(keep: number, entries: readonly Entry[]): Promise<void> {
    const { disk } = this.#host;
    if (keep < this.#ends.length) {
      this.#ends.length = keep;
      const length = this.#ends.at(-1) ?? 0;
      await this.#certainly(() => disk.truncate(logFile, length));
    }
    for (const entry of entries) {
      const line = formatLine(entry);
      await this.#certainly(() => disk.append(logFile, line));
      this.#ends.push((this.#ends.at(-1) ?? 0) + line.length);
    }
    this.#writtenCount++;
  }

  /** One sync serves all that was written until it begins; so it waits a moment for more. */
  async #force(): Promise<void> {
    await this.#host.sleep(lasting(timing.gather));
    const count = this.#writtenCount;
    await this.#certainly(() => this.#policies.forceLog(this.#host.disk, logFile));
    this.#forcedCount = count;
  }

  /** Performs an operation that either happens or ends this process. */
  async #certainly<T>(operation: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await operation();
      } catch (error) {
        if (!(error instanceof DiskError)) throw error;
        if (error.code === "EIO") this.#host.exit(1, "disk");
      }
      this.#onFull();
      await this.#host.sleep("100ms");
    }
  }
}

/** Two entries of one name are the same entry. */
export function nameOf({ term, request }: Entry): string {
  return `${term}/${request}`;
}
