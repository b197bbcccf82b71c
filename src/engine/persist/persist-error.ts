/** Refusals of persist: errors with a `code` that callers are expected to handle. */
import type { PersistCode } from "./persist.ts";

export class PersistError extends Error {
  override readonly name = "PersistError";
  readonly code: PersistCode;
  readonly shard: string;

  constructor(code: PersistCode, shard: string, message: string) {
    super(`shard ${shard}: ${message}`);
    this.code = code;
    this.shard = shard;
  }
}
