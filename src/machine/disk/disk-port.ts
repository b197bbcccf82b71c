/** The disk as one process sees it (`ports/host.ts`). */
import type { Json } from "../../base/json.ts";
import type { Disk as DiskPort } from "../../ports/host.ts";
import type { Process } from "../../kernel/process.ts";
import type { Disk, DiskOperation } from "./disk.ts";
import type { DiskState } from "./disk-state.ts";
import { copyValue } from "../copy.ts";

const readMicros = 80;
const writeMicros = 400;
const appendMicros = 20;
const syncMicros = 400;

export class ProcessDisk implements DiskPort {
  readonly #process: Process;
  readonly #disk: Disk;

  constructor(process: Process, disk: Disk) {
    this.#process = process;
    this.#disk = disk;
  }

  read<T = any>(file: string): Promise<T | undefined> {
    return this.#start("read", file, false, readMicros, (state) => copyValue(state.value(file), file));
  }

  write(file: string, value: Json): Promise<void> {
    const copy = copyValue(value, file) as Json;
    this.#process.kernel.inspect?.(this.#process, copy);
    return this.#start("write", file, true, writeMicros, (state) => state.setValue(file, copy));
  }

  readText(file: string): Promise<string> {
    return this.#start("read", file, false, readMicros, (state) => state.text(file));
  }

  append(file: string, text: string): Promise<void> {
    if (typeof text !== "string") throw new TypeError(`append to ${file} takes a string, not a ${typeof text}`);
    this.#process.kernel.inspect?.(this.#process, text);
    return this.#start("append", file, true, appendMicros, (state) => state.append(file, text));
  }

  sync(file: string): Promise<void> {
    return this.#start("sync", file, true, syncMicros, (state) => state.sync(file));
  }

  truncate(file: string, length: number): Promise<void> {
    if (!Number.isSafeInteger(length) || length < 0) {
      throw new TypeError(`truncate ${file} takes a length, a whole number from 0, not ${length}`);
    }
    return this.#start("truncate", file, true, writeMicros, (state) => state.truncate(file, length));
  }

  remove(file: string): Promise<void> {
    return this.#start("remove", file, true, writeMicros, (state) => state.remove(file));
  }

  list(): Promise<string[]> {
    return this.#start("list", "", false, readMicros, (state) => state.list());
  }

  #start(
    verb: string,
    file: string,
    isWrite: boolean,
    micros: number,
    apply: (state: DiskState) => unknown,
  ): Promise<any> {
    const needsSpace = verb === "write" || verb === "append";
    const operation: DiskOperation = { file, isWrite, needsSpace, micros, text: `${verb} ${file}`, apply };
    return this.#disk.start(this.#process, operation);
  }
}
