/** Refusals of persist: errors with a `code` that callers are expected to handle. */
import { withCode } from "../backoff.ts";
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

/** The code of an expected failure of a port; anything else is a bug and is thrown on. */
export function codeOf(error: unknown): string {
  return withCode(error).code;
}
