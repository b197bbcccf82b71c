/** How operations of the PostgreSQL client fail. */
import type { PostgresFailure } from "../../ports/postgres.ts";

export class ClientFailure extends Error implements PostgresFailure {
  override readonly name = "PostgresFailure";
  readonly code: string;
  readonly isDefinite: boolean;
  readonly isFatal: boolean;

  constructor(code: string, message: string, fate: { readonly isDefinite: boolean; readonly isFatal: boolean }) {
    super(`${message} (${code})`);
    this.code = code;
    this.isDefinite = fate.isDefinite;
    this.isFatal = fate.isFatal;
  }
}

/** Statements that change nothing by themselves while their transaction is open. */
const harmless = /^\s*(?:select|with|insert|update|delete|create|drop|listen|unlisten|notify|rollback|abort)\b/i;

/**
 * Whether a statement whose answer never came certainly has no effect: inside a transaction block, which ends with its
 * session, everything but the end of that transaction. Of a statement outside nothing is known.
 */
export function hasNoEffect(text: string, isInTransaction: boolean): boolean {
  return isInTransaction && harmless.test(text);
}
