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

/** The code of an expected failure of a port; anything else is thrown on, being a bug. */
export function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  if (typeof code !== "string") throw error;
  return code;
}
